package io.gozd.tomcat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.gozd.listener.InheritedListener;
import io.gozd.listener.Listener;
import io.gozd.posix.NativePosix;
import io.gozd.posix.Posix;
import io.gozd.posix.UnixConnection;

/**
 * Sends a listener through a Unix socket, as an incumbent does: what comes out has the
 * same description.
 */
public final class PassedDescriptor {

	private PassedDescriptor() {
	}

	public static InheritedListener pass(Listener listener, Path directory) throws IOException {
		Posix posix = NativePosix.get();
		Path path = directory.resolve("pass.sock");
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(UnixDomainSocketAddress.of(path));
			int descriptor = posix.listeningDescriptors(List.of(listener.name())).get(listener.name());
			List<Integer> received = new ArrayList<>();
			try (UnixConnection sender = posix.connect(path); UnixConnection receiver = posix.accept(server)) {
				sender.send(ByteBuffer.wrap(new byte[1]), List.of(descriptor));
				receiver.receive(ByteBuffer.allocate(1), received);
			}
			return new InheritedListener(listener.key(), listener.address(), listener.name(), listener.file(),
					listener.backlog(), received.get(0));
		}
	}

}
