package io.gozd.listener;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class ShortLinkTests {

	@TempDir
	private Path directory;

	@Test
	void leadsToItsTargetForAsLongAsItIsOpen() throws IOException {
		Path target = Files.createDirectory(this.directory.resolve("d".repeat(200)));
		Path path;
		try (ShortLink link = ShortLink.to(target)) {
			path = link.path();
			assertThat(path.toString()).hasSizeLessThan(60);
			assertThat(Files.isSameFile(path, target)).isTrue();
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
				.as("nobody else can put something in its place")
				.isEqualTo("rwx------");
		}
		assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isFalse();
		assertThat(path.getParent()).doesNotExist();
		assertThat(target).exists();
	}

	@Test
	void aTargetThatIsRelativeIsMeantFromHere() throws IOException {
		Path relative = Path.of("").toAbsolutePath().relativize(this.directory.toAbsolutePath());
		try (ShortLink link = ShortLink.to(relative)) {
			assertThat(Files.isSameFile(link.path(), this.directory)).isTrue();
		}
	}

}
