package io.gozd.daemon;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class SurroundingsTests {

	private static final long PID = 4711;

	private static final long PARENT = 4710;

	private static final List<String> SHELL = List.of("/bin/bash");

	@Test
	void whoeverIsStartedByAShellCanBeReplaced() {
		assertThat(Surroundings.obstacle(PID, PARENT, SHELL, null, null)).isEmpty();
		assertThat(Surroundings.obstacle(PID, PARENT, List.of(), null, null)).as("a parent that hides").isEmpty();
	}

	@Test
	void pidOneEndsItsContainer() {
		assertThat(Surroundings.obstacle(1, 0, List.of(), null, null))
			.hasValueSatisfying((reason) -> assertThat(reason).startsWith("This process is pid 1: ")
				.contains("Set gozd.resident=true"));
	}

	@Test
	void whoWasStartedFromOutsideIsTheContainersToo() {
		assertThat(Surroundings.obstacle(PID, 0, List.of(), null, null))
			.hasValueSatisfying((reason) -> assertThat(reason).contains("outside its pid namespace")
				.contains("Set gozd.resident=true"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/sbin/tini -- java", "/sbin/docker-init -- java", "/usr/bin/dumb-init java",
			"catatonit -- java", "/dev/podman-init java", "/bin/sh -c java", "bash /start.sh", "/bin/busybox sh -c x" })
	void anInitThatEndsWithItsChildIsSaid(String init) {
		List<String> command = List.of(init.split(" "));
		String program = command.get(0).substring(command.get(0).lastIndexOf('/') + 1);
		assertThat(Surroundings.obstacle(PID, 1, command, null, null)).hasValueSatisfying(
				(reason) -> assertThat(reason).startsWith("Pid 1 is " + program + ", which ends with this process")
					.contains("Set gozd.resident=true"));
		assertThat(Surroundings.obstacle(PID, PARENT, command, null, null)).as("it is not pid 1").isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/sbin/init", "/usr/lib/systemd/systemd --system", "/bin/bash", "supervisord -n" })
	void aPidOneThatStaysIsNoObstacle(String init) {
		assertThat(Surroundings.obstacle(PID, 1, List.of(init.split(" ")), null, null)).isEmpty();
	}

	@Test
	void systemdThatIsNotToldEndsTheServiceWithThisProcess() {
		List<String> systemd = List.of("/sbin/init");
		Optional<String> reason = Surroundings.obstacle(PID, 1, systemd, Long.toString(PID), null);
		assertThat(reason).hasValueSatisfying(
				(text) -> assertThat(text).contains("end of the service").contains("Use Type=notify or notify-reload"));
		assertThat(Surroundings.obstacle(PID, 1, systemd, Long.toString(PID), "/run/systemd/notify")).isEmpty();
		assertThat(Surroundings.obstacle(PID, 1, systemd, Long.toString(PARENT), null))
			.as("what systemd has started is another process")
			.isEmpty();
	}

}
