package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.gozd.posix.FakePosix;
import io.gozd.posix.ProcessFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class DetachmentTests {

	private final FakePosix posix = new FakePosix();

	@TempDir
	private Path descriptors;

	private Detachment detachment;

	@BeforeEach
	void create() throws IOException {
		lead(1, "pipe:[1]");
		lead(2, "pipe:[2]");
		this.detachment = new Detachment(() -> this.posix, this.descriptors);
	}

	@Test
	void itHasASessionAndItsOutputLeadsNowhere() throws IOException {
		this.detachment.begin();
		this.detachment.complete();
		assertThat(this.posix.takeCalls()).containsExactly("beginSession", "discard 1", "discard 2");
	}

	@Test
	void outputThatGoesElsewhereByNowStaysThere() throws IOException {
		this.detachment.begin();
		lead(1, "/var/log/daemon.log");
		this.detachment.complete();
		assertThat(this.posix.takeCalls()).containsExactly("beginSession", "discard 2");
	}

	@Test
	void thatItCanNotLeaveIsSaid() {
		this.posix.failAt("beginSession");
		this.detachment.begin();
		assertThatIOException().isThrownBy(this.detachment::complete)
			.withMessageContaining("session of its own")
			.withMessageContaining("beginSession fails");
		assertThat(this.posix.takeCalls()).as("its output can still be read").containsExactly("beginSession");
	}

	@Test
	void theVariableMeansTheChildOfWhomItNames() throws IOException {
		long parent = ProcessFile.self().parent();
		assertThat(Detachment.of(Long.toString(parent), ProcessFile.self(), () -> this.posix)).isPresent();
		assertThat(Detachment.of(Long.toString(parent + 1), ProcessFile.self(), () -> this.posix)).isEmpty();
		assertThat(Detachment.of("nobody", ProcessFile.self(), () -> this.posix)).isEmpty();
		assertThat(Detachment.of(null, ProcessFile.self(), () -> this.posix)).isEmpty();
	}

	private void lead(int descriptor, String target) throws IOException {
		Path link = this.descriptors.resolve(Integer.toString(descriptor));
		Files.deleteIfExists(link);
		Files.createSymbolicLink(link, Path.of(target));
	}

}
