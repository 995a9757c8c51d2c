package io.gozd.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.posix.NativePosix;

/**
 * Control sockets of a daemon whose generations answer as a script says: each with some
 * messages, after which it closes the connection.
 */
final class FakeDaemon implements AutoCloseable {

	private final Path directory;

	private final List<ServerSocketChannel> sockets = new ArrayList<>();

	private final List<Message> asked = Collections.synchronizedList(new ArrayList<>());

	FakeDaemon(Path directory) {
		this.directory = directory;
	}

	/** What was asked, of all generations. */
	List<Message> asked() {
		return List.copyOf(this.asked);
	}

	/** From now on there is another generation. */
	FakeDaemon generation(int number, long pid, Function<Message, List<Message>> script) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		channel.bind(UnixDomainSocketAddress.of(this.directory.resolve(number + "-" + pid + ".sock")));
		this.sockets.add(channel);
		Thread thread = new Thread(() -> serve(channel, script), "fake-generation-" + number);
		thread.setDaemon(true);
		thread.start();
		return this;
	}

	/** This generation has the daemon. */
	FakeDaemon has(int number, long pid) {
		try {
			Path link = this.directory.resolve("control.sock");
			Files.deleteIfExists(link);
			Files.createSymbolicLink(link, Path.of(number + "-" + pid + ".sock"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return this;
	}

	/** The oldest generation that is left dies. */
	void die() {
		try {
			this.sockets.remove(0).close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void serve(ServerSocketChannel channel, Function<Message, List<Message>> script) {
		while (channel.isOpen()) {
			// The connection that only looks whether somebody answers ends at once.
			try (SocketChannel accepted = channel.accept();
					MessageChannel messages = new MessageChannel(new AcceptedConnection(accepted), 0,
							NativePosix.get()::close)) {
				Message question = messages.receive();
				this.asked.add(question);
				for (Message answer : script.apply(question)) {
					messages.send(answer);
				}
			}
			catch (IOException ex) {
				// The next one.
			}
		}
	}

	@Override
	public void close() throws IOException {
		for (ServerSocketChannel socket : this.sockets) {
			socket.close();
		}
	}

}
