package io.gozd.resident;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class RunFilesTests {

	@TempDir
	private Path directory;

	@Test
	void knowsTheIncumbentWhereOneHasSaidSo() throws IOException {
		RunFiles files = new RunFiles(this.directory);
		assertThat(files.incumbent()).isEmpty();
		Files.writeString(this.directory.resolve("pid"), "4711\n");
		assertThat(files.incumbent()).hasValue(4711L);
		Files.writeString(this.directory.resolve("pid"), "garbage");
		assertThat(files.incumbent()).isEmpty();
	}

	@Test
	void knowsTheGenerationsByTheirSockets() throws IOException {
		for (String name : new String[] { "1-4711.sock", "12-4712.sock", "control.sock", "x-1.sock", "pid",
				"gozd.lock" }) {
			Files.createFile(this.directory.resolve(name));
		}
		assertThat(new RunFiles(this.directory).generations()).containsExactlyInAnyOrder(4711L, 4712L);
		assertThat(new RunFiles(this.directory.resolve("gone")).generations()).isEmpty();
	}

	@Test
	void passesASignalOnAsAMessage() throws IOException {
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(UnixDomainSocketAddress.of(this.directory.resolve("2-4712.sock")));
			Files.createSymbolicLink(this.directory.resolve("control.sock"), Path.of("2-4712.sock"));
			new RunFiles(this.directory).tell("TERM");
			try (SocketChannel channel = server.accept()) {
				ByteBuffer frame = ByteBuffer.allocate(100);
				while (channel.read(frame) >= 0) {
					assertThat(frame.hasRemaining()).isTrue();
				}
				frame.flip();
				assertThat(frame.getInt()).isEqualTo(frame.remaining());
				assertThat(StandardCharsets.UTF_8.decode(frame).toString()).isEqualTo("gozd/1 SIGNAL\nname: TERM\n");
			}
		}
	}

	@Test
	void nobodyToTellIsSaid() {
		assertThatIOException().isThrownBy(() -> new RunFiles(this.directory).tell("HUP"));
	}

}
