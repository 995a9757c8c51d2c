package io.gozd.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gozd.daemon.DaemonSettings;
import io.gozd.handover.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

final class CommandsTests {

	private static final long OWN = ProcessHandle.current().pid();

	/** A signal takes no longer to end a process. */
	private static final long MOMENT_MILLIS = 200;

	private static final Message STEP = Message.of(Message.PROGRESS).with("generation", 1).with("step", "Starts");

	@TempDir
	private Path directory;

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

	private Duration limit = Duration.ofSeconds(20);

	private FakeDaemon daemon;

	@BeforeEach
	void create() {
		this.daemon = new FakeDaemon(this.directory);
	}

	@AfterEach
	void close() throws IOException {
		this.daemon.close();
	}

	@Test
	void whatDoesNotRunIsSaidAsTheCommandMeansIt() {
		assertThat(execute(Command.STATUS)).isEqualTo(3);
		assertThat(execute(Command.STOP)).isZero();
		assertThat(execute(Command.KILL)).isZero();
		assertThat(this.output.toString()).isEqualTo("shop is not running\n".repeat(3));
		assertThat(execute(Command.RELOAD)).isEqualTo(1);
		assertThat(this.errors.toString()).isEqualTo("shop is not reloaded: it is not running\n");
	}

	@Test
	void aReloadIsFollowedToItsEnd() throws IOException {
		this.daemon.generation(1, 4711,
				(question) -> List.of(STEP, STEP, Message.of(Message.PROGRESS),
						Message.of(Message.PROGRESS).with("generation", 1).with("step", "Serves"),
						Message.of(Message.RELOADED).with("generation", 2)))
			.has(1, 4711);
		assertThat(execute(Command.RELOAD)).isZero();
		assertThat(this.output.toString()).isEqualTo("Starts\nServes\nshop is reloaded: generation 2 has it\n");
		assertThat(this.daemon.asked()).containsExactly(Message.of(Message.WATCH));
	}

	@Test
	void aReloadThatFailsSaysWhy() throws IOException {
		this.daemon.generation(1, 4711, (question) -> List.of(STEP, Message.of(Message.NOT_RELOADED, "it is broken")))
			.has(1, 4711);
		assertThat(execute(Command.REOPEN)).isEqualTo(1);
		assertThat(this.errors.toString()).isEqualTo("shop is not reloaded: it is broken\n");
	}

	@Test
	void whoIsSentOnAsksTheNextForTheReloadThatWasPromised() throws IOException {
		this.daemon.generation(1, 4711, (question) -> {
			this.daemon.has(2, 4712);
			return List.of(Message.of(Message.PROGRESS).with("step", "Waits"),
					Message.of(Message.MOVED).with("generation", 2));
		}).generation(2, 4712, (question) -> List.of(Message.of(Message.RELOADED).with("generation", 3))).has(1, 4711);
		assertThat(execute(Command.RELOAD)).isZero();
		assertThat(this.daemon.asked()).containsExactly(Message.of(Message.WATCH),
				Message.of(Message.WATCH).with("generation", 2));
	}

	@Test
	void ifTheIncumbentDiesMeanwhileTheSuccessorTells() throws IOException {
		this.daemon.generation(1, 4711, (question) -> {
			this.daemon.has(2, 4712);
			return List.of(STEP);
		}).generation(2, 4712, (question) -> List.of(Message.of(Message.RELOADED).with("generation", 2))).has(1, 4711);
		assertThat(execute(Command.RELOAD)).isZero();
		assertThat(this.daemon.asked()).as("the reload of the first is the one")
			.last()
			.isEqualTo(Message.of(Message.WATCH).with("generation", 1));
	}

	@Test
	void ifEverythingDiesMeanwhileThatIsSaid() throws IOException {
		this.daemon.generation(1, 4711, (question) -> {
			this.daemon.die();
			return List.of(STEP);
		}).has(1, 4711);
		assertThat(execute(Command.RELOAD)).isEqualTo(1);
		assertThat(this.errors.toString()).isEqualTo("shop is not reloaded: the daemon has ended meanwhile\n");
	}

	@Test
	void whereOnlyDrainsAreLeftNothingIsWaitedFor() throws IOException {
		this.daemon.generation(1, 4711, (question) -> List.of(Message.of(Message.STATUS).with("state", "draining")));
		assertThat(execute(Command.RELOAD)).isEqualTo(1);
		assertThat(this.errors.toString())
			.isEqualTo("shop is not reloaded: nobody has the daemon: what is left of it drains\n");
	}

	@Test
	void aDaemonIsFoundWhoseNameWasRemoved() throws IOException {
		this.daemon.generation(1, 4711, (question) -> List.of(Message.of(Message.STATUS).with("state", "draining")))
			.generation(2, 4712,
					(question) -> List
						.of(question.type().equals(Message.WATCH) ? Message.of(Message.RELOADED).with("generation", 3)
								: Message.of(Message.STATUS).with("state", "serving")));
		assertThat(execute(Command.STATUS)).isZero();
		assertThat(this.output.toString()).startsWith("shop: generation 2 (pid 4712): serving");
		assertThat(execute(Command.RELOAD)).isZero();
		assertThat(execute(Command.START)).isEqualTo(1);
		assertThat(this.errors.toString()).contains("running already, as pid 4712");
	}

	@Test
	void aDaemonEndsWhoseNameWasRemoved() throws IOException {
		this.limit = Duration.ofMillis(500);
		this.daemon.generation(1, OWN, (question) -> List.of(question.type().equals(Message.TERMINATE) ? question
				: Message.of(Message.STATUS).with("state", "serving")));
		assertThat(execute(Command.STOP)).isEqualTo(1);
		assertThat(this.output.toString()).contains("Pid " + OWN + " is told to end");
	}

	@Test
	void aDaemonThatIsBusyIsAskedAgain() throws IOException {
		AtomicInteger times = new AtomicInteger();
		this.daemon.generation(1, 4711, (question) -> List.of((times.getAndIncrement() < 2) ? Message.of(Message.BUSY)
				: Message.of(Message.RELOADED).with("generation", 2)))
			.has(1, 4711);
		assertThat(execute(Command.RELOAD)).isZero();
		assertThat(times).hasValue(3);
	}

	@Test
	void aDaemonOfAnotherReleaseIsSaidToBeOne() throws IOException {
		this.daemon.generation(1, 4711, (question) -> List.of(Message.of(Message.REFUSED, "not known here")))
			.has(1, 4711);
		assertThat(execute(Command.RELOAD)).isEqualTo(1);
		assertThat(this.errors.toString()).contains("does not tell").contains("kill -HUP");
		assertThat(execute(Command.STATUS)).isEqualTo(4);
		assertThat(this.output.toString()).contains("generation 1 (pid 4711): unknown");
	}

	@Test
	void whereAnotherReleaseServesAfterAllTheReloadIsDone() throws IOException {
		this.daemon.generation(1, 4711, (question) -> {
			this.daemon.has(2, 4712);
			return List.of(STEP);
		}).generation(2, 4712, (question) -> List.of(Message.of(Message.REFUSED, "not known here"))).has(1, 4711);
		assertThat(execute(Command.RELOAD)).isZero();
		assertThat(this.output.toString()).endsWith("shop is reloaded: generation 2 has it\n");
	}

	@Test
	void whereAnotherReleaseOwesTheReloadNoSecondOneIsAdvised() throws IOException {
		this.daemon.generation(1, 4711, (question) -> {
			this.daemon.has(2, 4712);
			return List.of(Message.of(Message.MOVED).with("generation", 2));
		}).generation(2, 4712, (question) -> List.of(Message.of(Message.REFUSED, "not known here"))).has(1, 4711);
		assertThat(execute(Command.RELOAD)).isEqualTo(1);
		assertThat(this.errors.toString()).contains("does not tell", "gozd.command=status").doesNotContain("kill -HUP");
	}

	@Test
	void whatIsNotDecidedInTimeIsSaid() throws IOException {
		this.limit = Duration.ofMillis(300);
		this.daemon.generation(1, 4711, (question) -> List.of(Message.of(Message.BUSY))).has(1, 4711);
		assertThat(execute(Command.RELOAD)).isEqualTo(1);
		assertThat(this.errors.toString()).contains("nothing is decided");
	}

	@Test
	void theStateIsToldOfEachGeneration() throws IOException {
		draining();
		assertThat(execute(Command.STATUS)).isZero();
		assertThat(this.output.toString()).isEqualTo("""
				shop: generation 2 (pid 4712): serving, version 1.2, since 2026-01-02T03:04:05Z
				  127.0.0.1:8080: 3 open, 40 accepted
				generation 1 (pid 4711): draining, waits for 2 connections until 2026-01-02T03:19:05Z
				  tcp:*:0#lines: 2 open
				last reload: failed at 2026-01-02T04:00:00Z: it is "broken"
				""");
	}

	@Test
	void whoIsReplacedWhileItIsAskedIsNotTheAnswer() throws IOException {
		this.daemon.generation(1, 4711, (question) -> {
			this.daemon.has(2, 4712).die();
			return List.of();
		}).generation(2, 4712, (question) -> List.of(Message.of(Message.STATUS).with("state", "serving"))).has(1, 4711);
		assertThat(execute(Command.STATUS)).isZero();
		assertThat(this.output.toString()).isEqualTo("shop: generation 2 (pid 4712): serving\n");
	}

	@Test
	void theStateIsToldToPrograms() throws IOException {
		draining();
		assertThat(execute(Command.STATUS, true)).isZero();
		JsonNode json = new ObjectMapper().readTree(this.output.toString());
		assertThat(json).isEqualTo(new ObjectMapper().readTree("""
				{"name": "shop", "running": true, "generation": 2, "pid": 4712, "state": "serving", "version": "1.2",
				"since": "2026-01-02T03:04:05Z",
				"listeners": [{"address": "127.0.0.1:8080", "open": 3, "accepted": 40}],
				"generations": [{"generation": 1, "pid": 4711, "state": "draining", "version": null, "since": null,
				"drain": {"connections": 2, "deadline": "2026-01-02T03:19:05Z"},
				"listeners": [{"address": "tcp:*:0#lines", "open": 2, "accepted": null}]}],
				"lastReload": {"outcome": "failed", "at": "2026-01-02T04:00:00Z", "reason": "it is \\"broken\\""}}
				"""));
		assertThat(this.output.toString().lines()).as("one line").hasSize(1);
		assertThat(this.errors.toString()).isEmpty();
	}

	private void draining() throws IOException {
		Message first = Message.of(Message.STATUS)
			.with("state", "draining")
			.with("drain-deadline", "2026-01-02T03:19:05Z")
			.withList("listeners", List.of("tcp:*:0#lines"))
			.withList("open", List.of("2"))
			.withList("accepted", List.of(""));
		Message second = Message.of(Message.STATUS)
			.with("state", "serving")
			.with("version", "1.2")
			.with("since", "2026-01-02T03:04:05Z")
			.with("reload", "failed")
			.with("reload-at", "2026-01-02T04:00:00Z")
			.with("reload-reason", "it is \"broken\"")
			.with("of-a-later-release", "what nobody here knows")
			.withList("listeners", List.of("127.0.0.1:8080"))
			.withList("open", List.of("3"))
			.withList("accepted", List.of("40"));
		this.daemon.generation(1, 4711, (question) -> List.of(first))
			.generation(2, 4712, (question) -> List.of(second))
			.has(2, 4712);
	}

	@Test
	void whoHandsOverWhileItIsAskedIsNotTheOneThatIsTold() throws IOException {
		this.daemon.generation(1, 4711, (question) -> {
			this.daemon.has(2, 4712);
			return List.of();
		}).generation(2, 4712, (question) -> List.of(question.with("state", "serving"))).has(1, 4711);
		assertThat(execute(Command.STATUS)).isZero();
		assertThat(this.output.toString()).startsWith("shop: generation 2 (pid 4712): serving");
	}

	@Test
	void whoSaysNothingIsWaitedForAsLongAsIsWanted() throws IOException {
		this.limit = Duration.ofMillis(200);
		CountDownLatch end = new CountDownLatch(1);
		this.daemon.generation(1, 4711, (question) -> {
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return List.of();
		}).has(1, 4711);
		assertTimeout(Duration.ofSeconds(5), () -> assertThat(execute(Command.STATUS)).isEqualTo(4));
		end.countDown();
		assertThat(this.errors.toString()).contains("Pid 4711 has the daemon and does not answer");
	}

	@Test
	void whoLivesAndDoesNotTellMayBeTheOneThatRuns() throws IOException {
		// Nothing says who has the daemon.
		this.daemon.generation(1, 4711, (question) -> List.of());
		assertThat(execute(Command.STATUS)).isEqualTo(4);
		assertThat(this.output.toString()).startsWith("shop does not tell whether it is running");
		assertThat(this.errors.toString()).contains("Pid 4711 does not answer");
	}

	@Test
	void nobodyIsSignalledWhoIsNotProven() throws Exception {
		Process stranger = stranger();
		try {
			this.daemon.generation(1, stranger.pid(), (question) -> List.of()).has(1, stranger.pid());
			assertThat(execute(Command.STOP)).isEqualTo(1);
			assertThat(execute(Command.KILL)).isEqualTo(1);
			assertThat(this.errors.toString()).contains("pid " + stranger.pid() + " is not of this daemon");
			assertThat(stranger.waitFor(MOMENT_MILLIS, TimeUnit.MILLISECONDS)).as("has ended").isFalse();
		}
		finally {
			stranger.destroyForcibly();
		}
	}

	@Test
	void whoIsNotProvenKeepsNobodyElseFromTheEnd() throws Exception {
		this.limit = Duration.ofMillis(500);
		Process stranger = stranger();
		try {
			this.daemon.generation(1, stranger.pid(), (question) -> List.of());
			this.daemon.generation(2, OWN, (question) -> List.of(question)).has(2, OWN);
			assertThat(execute(Command.STOP)).isEqualTo(1);
			assertThat(this.daemon.asked()).containsExactly(Message.of(Message.TERMINATE));
			assertThat(this.output.toString()).contains("Pid " + OWN + " is told to end");
			assertThat(stranger.waitFor(MOMENT_MILLIS, TimeUnit.MILLISECONDS)).as("has ended").isFalse();
		}
		finally {
			stranger.destroyForcibly();
		}
	}

	/** Ends at once where it is signalled. */
	private static Process stranger() throws IOException {
		return new ProcessBuilder("sleep", "600").start();
	}

	@Test
	void whoTakesTheRequestToEndIsNotSignalledBeside() throws IOException {
		this.limit = Duration.ofMillis(500);
		listenAsThisProcess((question) -> List.of(Message.of(Message.TERMINATE)));
		// The JDK throws where a process would signal itself.
		assertThat(execute(Command.STOP)).isEqualTo(1);
		assertThat(execute(Command.STOP)).isEqualTo(1);
		assertThat(this.daemon.asked()).containsExactly(Message.of(Message.TERMINATE), Message.of(Message.TERMINATE));
		assertThat(this.errors.toString()).contains("has not ended after 0 s: pid " + OWN + " lives");
	}

	@Test
	void whoDoesNotKnowTheRequestToEndIsSignalled() throws IOException {
		listenAsThisProcess((question) -> List.of(Message.of(Message.REFUSED, "not known here")));
		assertThatIllegalStateException().isThrownBy(() -> execute(Command.STOP))
			.withMessageContaining("destroy of current process");
	}

	@Test
	void whoHangsUpIsSignalledUnlessItsNameTellsThatItDrains() throws IOException {
		this.limit = Duration.ofMillis(500);
		listenAsThisProcess((question) -> List.of());
		Path name = Path.of("/proc/self/comm");
		String before = Files.readString(name).strip();
		Files.write(name, "java (draining)".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
		try {
			assertThat(execute(Command.STOP)).isEqualTo(1);
		}
		finally {
			Files.write(name, before.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
		}
		assertThatIllegalStateException().isThrownBy(() -> execute(Command.STOP))
			.withMessageContaining("destroy of current process");
	}

	private void listenAsThisProcess(Function<Message, List<Message>> script) throws IOException {
		this.daemon.generation(1, OWN, script).has(1, OWN);
	}

	@ParameterizedTest
	@CsvSource({ "STOP, '\"running\":true'", "KILL, '\"name\":\"shop\"'", "START, '\"running\":true'",
			"RELOAD, '\"reloaded\":false'", "STATUS, '\"name\":\"shop\"'" })
	void whatFailsIsToldToProgramsAsWell(Command command, String field) throws IOException {
		this.limit = Duration.ofMillis(300);
		long pid = (command == Command.STOP) ? OWN : 4711;
		this.daemon
			.generation(1, pid, (question) -> question.type().equals(Message.TERMINATE) ? List.of(question) : List.of())
			.has(1, pid);
		assertThat(execute(command, true)).isIn(1, 4);
		assertThat(this.output.toString()).startsWith("{").endsWith("}\n").hasLineCount(1);
		assertThat(this.output.toString()).contains(field).contains("\"reason\":\"");
		assertThat(this.errors.toString()).isNotEmpty();
	}

	@Test
	void aPidFileAloneIsNobody() throws Exception {
		Process stranger = stranger();
		try {
			Files.writeString(this.directory.resolve("pid"), stranger.pid() + "\n");
			assertThat(execute(Command.STOP)).isZero();
			assertThat(this.output.toString()).isEqualTo("shop is not running\n");
			assertThat(stranger.waitFor(MOMENT_MILLIS, TimeUnit.MILLISECONDS)).as("has ended").isFalse();
		}
		finally {
			stranger.destroyForcibly();
		}
	}

	@Test
	void whoRunsAlreadyIsSaidInsteadOfASecondStart() throws IOException {
		this.daemon.generation(1, 4711, (question) -> List.of()).has(1, 4711);
		assertThat(execute(Command.START)).isEqualTo(1);
		assertThat(this.errors.toString()).contains("shop is running already, as pid 4711");
	}

	private int execute(Command command) {
		return execute(command, false);
	}

	private int execute(Command command, boolean json) {
		DaemonSettings settings = new DaemonSettings("shop", true, this.directory, null, Duration.ofSeconds(20),
				Duration.ofSeconds(20), Duration.ofSeconds(1), 3);
		Console console = new Console(stream(this.output), stream(this.errors), json);
		return new Commands(settings, null, this.limit, console).execute(command);
	}

	private static PrintStream stream(ByteArrayOutputStream bytes) {
		return new PrintStream(bytes, true, StandardCharsets.UTF_8);
	}

}
