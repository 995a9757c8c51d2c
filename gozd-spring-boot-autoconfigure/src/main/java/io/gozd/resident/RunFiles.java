package io.gozd.resident;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The run directory of the daemon, as it says who lives.
 *
 * @param directory where it is
 */
record RunFiles(Path directory) {

	private static final String SOCKET = "\\d+-\\d+\\.sock";

	/** The pid of the incumbent, if one has said so. */
	Optional<Long> incumbent() {
		try {
			return Optional
				.of(Long.valueOf(Files.readString(this.directory.resolve("pid"), StandardCharsets.ISO_8859_1).strip()));
		}
		catch (IOException | NumberFormatException ex) {
			return Optional.empty();
		}
	}

	/** The pids of those that have a control socket. */
	List<Long> generations() {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.matches(SOCKET))
				.map((name) -> Long.valueOf(name.substring(name.indexOf('-') + 1, name.lastIndexOf('.'))))
				.toList();
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/**
	 * Remove the classes of this program, and the directory if it goes with the daemon.
	 * @param temporary whether it does
	 */
	void remove(boolean temporary) {
		try (Stream<Path> files = Files.walk(this.directory.resolve("resident"))) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
			if (temporary && generations().isEmpty()) {
				Files.deleteIfExists(this.directory.resolve("gozd.lock"));
				Files.deleteIfExists(this.directory);
			}
		}
		catch (IOException ex) {
			System.err.println("gozd: files are left in " + this.directory + ": " + ex);
		}
	}

	/** Pass a signal on to whoever has the daemon: over its socket, so to nobody else. */
	void tell(String signal) throws IOException {
		byte[] text = ("gozd/1 SIGNAL\nname: " + signal + "\n").getBytes(StandardCharsets.UTF_8);
		ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + text.length).putInt(text.length).put(text).flip();
		try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			channel.connect(UnixDomainSocketAddress.of(this.directory.resolve("control.sock")));
			while (frame.hasRemaining()) {
				channel.write(frame);
			}
		}
	}

}
