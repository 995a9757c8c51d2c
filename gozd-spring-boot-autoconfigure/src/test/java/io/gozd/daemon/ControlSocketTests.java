package io.gozd.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;

import io.gozd.posix.NativePosix;
import io.gozd.posix.PlainUnixConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class ControlSocketTests {

	@TempDir
	private Path directory;

	@Test
	void whereNativeCodeCanNotBeLoadedNobodyIsLetWait() throws IOException {
		Path path = this.directory.resolve("s");
		ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
			.bind(UnixDomainSocketAddress.of(path));
		ControlSocket socket = new ControlSocket(channel, () -> {
			throw new UnsatisfiedLinkError("no exec");
		}, 0, (pid) -> false, (peer, messages) -> {
		});
		try (socket) {
			for (int i = 0; i < 3; i++) {
				try (PlainUnixConnection client = PlainUnixConnection.connect(path, NativePosix::get)) {
					client.readTimeout(10_000);
					assertThat(client.receive(ByteBuffer.allocate(1), List.of())).isEqualTo(-1);
				}
			}
		}
	}

}
