package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import io.gozd.it.fixture.GateController;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The units of docs/systemd under a real systemd.
 */
@Execution(ExecutionMode.SAME_THREAD)
class SystemdIT {

	private static final SuiteSettings SETTINGS = SuiteSettings.fromSystemProperties();

	private static final DaemonJar JAR = new DaemonJar(SETTINGS.jar());

	private static final Duration LIMIT = Duration.ofMinutes(1);

	/** From then on the incumbent accepts no more. */
	private static final Pattern HANDED_OVER = Pattern.compile("serves, generation \\d+ drains");

	private static final Pattern DRAINS = Pattern.compile("Drains \\d+ connections");

	/** A second TERM, or systemd's KILL, would come at once. */
	private static final Duration PATIENCE = Duration.ofSeconds(3);

	/** Far longer than a busy machine keeps a daemon from feeding it. */
	private static final Duration WATCHDOG = Duration.ofSeconds(20);

	/** Less than {@link #PATIENCE}. */
	private static final String STOP_LIMIT = "TimeoutStopSec=2s";

	/** They are asked for a sign of life. */
	private static final Set<SupervisedUnit> NOTIFIED = EnumSet.of(SupervisedUnit.NOTIFY, SupervisedUnit.NOTIFY_RELOAD,
			SupervisedUnit.ACTIVATED);

	private static SystemdContainer systemd;

	@BeforeAll
	static void boot() {
		SystemdContainer.assumeInstalled();
		systemd = SystemdContainer.boot(SETTINGS.java());
	}

	@AfterAll
	static void end() {
		if (systemd != null) {
			systemd.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void systemctlReloadReturnsWhenTheSwapIsDone(SupervisedUnit unit) throws Exception {
		assumeKnown(unit);
		boolean watched = NOTIFIED.contains(unit);
		String[] settings = watched ? new String[] { "WatchdogSec=" + WATCHDOG.toSeconds() } : new String[0];
		try (SystemdService service = start(unit, Duration.ofMillis(500), settings);
				Load load = Load.start(LoadOptions.light(service.endpoint()))) {
			List<Long> pids = new ArrayList<>(List.of(service.pid()));
			long first = service.mainPid();
			assertThat(first).isEqualTo(pids.get(0));
			for (int swap = 0; swap < (SETTINGS.full() ? 20 : 2); swap++) {
				service.succeed("reload");
				long pid = service.pid();
				assertThat(pids).as(service::report).doesNotContain(pid);
				assertThat(service.mainPid()).isEqualTo(unit.keepsMainProcess() ? first : pid);
				pids.add(pid);
				load.awaitFurtherAnswers(50);
			}
			// Those before have fed it for the last time.
			Deadline hungry = Deadline.in(WATCHDOG.plus(WATCHDOG.dividedBy(2)));
			BrokenSuccessor.BEAN_THROWS.write(JAR, service.jar());
			assertThat(service.run("reload").exitCode() != 0).as(service::report).isEqualTo(unit.tellsFailure());
			if (watched) {
				service.await("the time of the watchdog", hungry::isOver);
			}
			assertThat(service.pid()).isEqualTo(pids.get(pids.size() - 1));
			assertThat(service.property("ActiveState")).isEqualTo("active");
			assertThat(service.property("NRestarts")).isEqualTo("0");
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid().keySet()).containsExactlyInAnyOrderElementsOf(pids);
			service.succeed("stop");
			assertThat(service.property("Result")).as(service::report).isEqualTo("success");
			assertThat(service.property("ActiveState")).isEqualTo("inactive");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "NOTIFY", "FORKING", "RESIDENT" })
	void stopWaitsForEveryGenerationThatDrains(SupervisedUnit unit) throws Exception {
		try (SystemdService service = start(unit, Duration.ofMillis(500)); SlowRequest old = service.slowRequest()) {
			long first = old.pid();
			service.succeed("reload");
			try (SlowRequest recent = service.slowRequest()) {
				long second = recent.pid();
				assertThat(second).isNotEqualTo(first);
				int mark = service.output().mark();
				CommandRun stop = service.begin("stop");
				service.output().await(mark, DRAINS, LIMIT);
				assertThat(recent.finish().pid()).isEqualTo(second);
				assertStays(first, service);
				assertThat(old.finish().pid()).isEqualTo(first);
				assertThat(stop.await().exitCode()).as(service::report).isZero();
			}
			assertThat(service.property("Result")).isEqualTo("success");
		}
	}

	@Test
	void aRestartInAProbationBreaksNothing() throws Exception {
		try (SystemdService service = start(SupervisedUnit.NOTIFY, Duration.ofMinutes(1))) {
			long first = service.pid();
			int begin = service.output().mark();
			CommandRun reload = service.begin("reload");
			service.output().await(begin, HANDED_OVER, DaemonProcess.START_LIMIT.multipliedBy(2));
			try (SlowRequest slow = service.slowRequest()) {
				long second = slow.pid();
				assertThat(second).isNotEqualTo(first);
				int mark = service.output().mark();
				CommandRun restart = service.begin("restart");
				service.output().await(mark, DRAINS, LIMIT);
				assertStays(second, service);
				assertThat(slow.finish().pid()).isEqualTo(second);
				assertThat(restart.await().exitCode()).as(service::report).isZero();
				assertThat(service.pid()).isEqualTo(service.mainPid()).isNotIn(first, second);
			}
			reload.await();
			assertThat(service.property("NRestarts")).isEqualTo("0");
		}
	}

	@Test
	void listenersSurviveTheDeathOfAllGenerations() throws Exception {
		try (SystemdService service = start(SupervisedUnit.NOTIFY, Duration.ofMillis(500));
				SlowRequest slow = service.slowRequest()) {
			long first = slow.pid();
			service.succeed("reload");
			long second = service.pid();
			assertThat(second).isNotEqualTo(first);
			service.await("NFileDescriptorStore", "1");
			service.kill();
			// A process that dies may accept still, and what it has accepted dies with
			// it.
			service.await("NRestarts", "1");
			// Accepted by nobody yet, but not refused.
			assertThat(service.pid()).as(service::report).isNotIn(first, second);
			service.await("ActiveState", "active");
			assertThat(service.pid()).isEqualTo(service.mainPid());
			assertThat(service.property("NRestarts")).isEqualTo("1");
		}
	}

	/**
	 * Who comes while nobody serves waits, and starts the service. It was ended by
	 * systemd's TERM, and has asked for the time that its drain took.
	 */
	@Test
	void aSocketOutlivesItsServiceWhichDrainsBeyondTheTimeout() throws Exception {
		try (SystemdService service = start(SupervisedUnit.ACTIVATED, Duration.ofMillis(500), STOP_LIMIT, "ExecStop=");
				SlowRequest slow = service.slowRequest()) {
			long first = slow.pid();
			int mark = service.output().mark();
			CommandRun stop = service.begin("stop");
			service.output().await(mark, DRAINS, LIMIT);
			assertStays(first, service);
			assertThat(slow.finish().pid()).isEqualTo(first);
			assertThat(stop.await().exitCode()).as(service::report).isZero();
			assertThat(service.property("Result")).as(service::report).isEqualTo("success");
			assertThat(service.pid()).isNotEqualTo(first).isEqualTo(service.mainPid());
		}
	}

	/** A successor would be ended with the process that systemd has started. */
	@Test
	void aServiceThatEndsWithItsFirstProcessRefusesAReload() throws Exception {
		try (SystemdService service = new SystemdService(systemd, SupervisedUnit.RESIDENT)
			.without("--gozd.resident=true")) {
			JAR.variant().writeTo(service.jar());
			service.start(SETTINGS.java());
			long pid = service.pid();
			int mark = service.output().mark();
			assertThat(service.run("reload").exitCode()).isNotZero();
			assertThat(service.output().since(mark)).contains("systemd takes the end of this process")
				.contains("Use Type=notify");
			assertThat(service.pid()).isEqualTo(pid).isEqualTo(service.mainPid());
		}
	}

	private static void assertStays(long pid, SystemdService service) {
		Deadline patience = Deadline.in(PATIENCE);
		service.await("the end of that time", () -> {
			assertThat(systemd.runs(pid)).as(service::report).isTrue();
			return patience.isOver();
		});
	}

	private static void assumeKnown(SupervisedUnit unit) {
		int version = systemd.version();
		Assumptions.assumeTrue(version >= unit.since(),
				() -> unit + " needs systemd " + unit.since() + ", this is " + version);
	}

	private static SystemdService start(SupervisedUnit unit, Duration probation, String... settings)
			throws IOException {
		SystemdService service = new SystemdService(systemd, unit).settings(settings);
		service.environment("GOZD_RELOAD_PROBATION", probation.toMillis() + "ms");
		JAR.variant().configuration(GateController.class).writeTo(service.jar());
		return service.start(SETTINGS.java());
	}

}
