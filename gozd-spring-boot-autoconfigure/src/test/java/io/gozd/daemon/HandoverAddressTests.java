package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.gozd.posix.ProcessFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class HandoverAddressTests {

	@TempDir
	private Path directory;

	private ProcessFile self;

	@BeforeEach
	void childOf4711() throws IOException {
		Files.writeString(this.directory.resolve("stat"), "4712 (java) S 4711 4712 4712 0 -1 4194304\n");
		this.self = new ProcessFile(this.directory);
	}

	@Test
	void isReadAsItIsWritten() {
		HandoverAddress address = new HandoverAddress(4711, 3, Path.of("/run/my daemon/2-4711.sock"));
		assertThat(address).hasToString("4711 3 /run/my daemon/2-4711.sock");
		assertThat(HandoverAddress.of(address.toString(), this.self)).hasValue(address);
	}

	@Test
	void aProcessWithoutTheVariableIsNoSuccessor() {
		assertThat(HandoverAddress.of(null, this.self)).isEmpty();
	}

	@Test
	void theVariableMeansNothingToAChildOfTheSuccessor() {
		assertThat(HandoverAddress.of("4710 2 /run/d/control.sock", this.self)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "4711", "4711 2", "4711 two /run", "pid 2 /run", "99999999999999999999 2 /run",
			"4711 2 \0" })
	void garbageMakesNoSuccessor(String variable) {
		assertThat(HandoverAddress.of(variable, this.self)).isEmpty();
	}

	@Test
	void aProcessThatDoesNotKnowItsParentIsNoSuccessor() {
		ProcessFile nobody = new ProcessFile(this.directory.resolve("gone"));
		assertThat(HandoverAddress.of("4711 2 /run/d/control.sock", nobody)).isEmpty();
	}

}
