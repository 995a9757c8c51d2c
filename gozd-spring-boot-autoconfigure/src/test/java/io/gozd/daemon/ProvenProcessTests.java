package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;

final class ProvenProcessTests {

	private static final long FAKE = 4711;

	private final ProcessHandle alive = ProcessHandle.current();

	@TempDir
	private Path directory;

	private Process child;

	@BeforeEach
	void start() throws IOException {
		this.child = new ProcessBuilder("sleep", "600").start();
	}

	@AfterEach
	void end() {
		this.child.destroyForcibly();
	}

	@Test
	void whoCanNotBeSignalledIsNotWaitedFor() {
		assertThatIOException().isThrownBy(() -> ProvenProcess.check(this.alive, false))
			.withMessage("Pid " + this.alive.pid() + " can't be signalled by this user: try as root");
	}

	@Test
	void whoHasEndedNeedNoSignal() throws Exception {
		this.child.destroyForcibly().waitFor();
		ProvenProcess ended = process();
		ended.terminate();
		assertThat(ended.isAlive()).isFalse();
		ProvenProcess.check(this.alive, true);
	}

	@Test
	void whoIsKilledLeavesNoControlSocket() throws Exception {
		ProvenProcess process = process();
		Files.createFile(process.process().socket());
		assertThat(process.kill()).containsExactly(this.child.toHandle());
		this.child.waitFor();
		assertThat(process.isAlive()).isFalse();
		assertThat(this.directory).isEmptyDirectory();
		assertThat(process.kill()).as("again").containsExactly(this.child.toHandle());
	}

	/** A successor that looks for it then must know that nobody wants it. */
	@Test
	void theControlSocketIsAwayBeforeAnybodyIsKilled() throws IOException {
		Path socket = Files.createFile(at(FAKE).socket());
		ProcessHandle handle = mock(ProcessHandle.class);
		willAnswer((kill) -> Files.notExists(socket)).given(handle).destroyForcibly();
		given(handle.isAlive()).willReturn(true);
		assertThat(new ProvenProcess(at(FAKE), handle).kill()).containsExactly(handle);
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void whoCanNotBeKilledKeepsItsControlSocket() throws IOException {
		Path socket = Files.createFile(at(FAKE).socket());
		ProcessHandle handle = mock(ProcessHandle.class);
		given(handle.pid()).willReturn(FAKE);
		given(handle.isAlive()).willReturn(true);
		assertThatIOException().isThrownBy(new ProvenProcess(at(FAKE), handle)::kill)
			.withMessage("Pid " + FAKE + " can't be signalled by this user: try as root");
		assertThat(socket).exists();
	}

	private ProvenProcess process() {
		return new ProvenProcess(at(this.child.pid()), this.child.toHandle());
	}

	private GenerationProcess at(long pid) {
		return new GenerationProcess(1, pid, this.directory.resolve("1-" + pid + ".sock"));
	}

}
