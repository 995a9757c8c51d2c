package io.gozd.listener;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class SocketFileTests {

	@TempDir
	private Path directory;

	private Path path;

	private ServerSocketChannel channel;

	@BeforeEach
	void bind() throws IOException {
		this.path = this.directory.resolve("s");
		this.channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
			.bind(UnixDomainSocketAddress.of(this.path));
	}

	@AfterEach
	void close() throws IOException {
		this.channel.close();
	}

	@Test
	void isInPlaceUntilItIsRemoved() throws IOException {
		SocketFile file = SocketFile.of(this.path);
		assertThat(file.isInPlace()).isTrue();
		file.remove();
		assertThat(this.path).doesNotExist();
		assertThat(file.isInPlace()).isFalse();
		file.remove();
	}

	@Test
	void anotherFileAtItsPathIsNotItAndIsNeverRemoved() throws IOException {
		SocketFile file = SocketFile.of(this.path);
		Path other = Files.writeString(this.directory.resolve("other"), "foreign");
		Files.move(other, this.path, StandardCopyOption.REPLACE_EXISTING);
		assertThat(file.isInPlace()).isFalse();
		file.remove();
		file.permit(PosixFilePermissions.fromString("---------"));
		assertThat(this.path).hasContent("foreign");
	}

	@Test
	void aLinkToItIsNotIt() throws IOException {
		SocketFile file = SocketFile.of(this.path);
		Path moved = Files.move(this.path, this.directory.resolve("moved"));
		Files.createSymbolicLink(this.path, moved);
		assertThat(file.isInPlace()).isFalse();
		file.remove();
		assertThat(this.path).isSymbolicLink();
	}

	@Test
	void aFileThatWasMovedToItsPlaceIsTheSame() throws IOException {
		SocketFile file = SocketFile.of(this.path);
		Path place = Files.move(this.path, this.directory.resolve("place"));
		assertThat(SocketFile.of(place)).isEqualTo(new SocketFile(place, file.inode()));
	}

	@Test
	void getsAnotherMode() throws IOException {
		SocketFile file = SocketFile.of(this.path);
		for (String mode : new String[] { "rw-------", "rw-rw-r--", "rw-rw-r--" }) {
			file.permit(PosixFilePermissions.fromString(mode));
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.path))).isEqualTo(mode);
		}
		file.remove();
		file.permit(PosixFilePermissions.fromString("rw-------"));
		assertThat(this.path).doesNotExist();
	}

	@Test
	void onlyASocketIsOne() throws IOException {
		assertThat(SocketFile.isSocket(this.path)).isTrue();
		assertThat(SocketFile.isSocket(this.directory)).isFalse();
		assertThat(SocketFile.isSocket(Files.createFile(this.directory.resolve("file")))).isFalse();
		assertThat(SocketFile.isSocket(Files.createSymbolicLink(this.directory.resolve("link"), this.path))).isFalse();
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> SocketFile.isSocket(this.directory.resolve("nothing")));
	}

}
