package io.gozd.daemon;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.gozd.posix.ProcessFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;
import sun.misc.SignalHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * With HUP, and never without a handler: it would end the JVM that runs the tests.
 */
@SuppressWarnings("sunapi")
final class SignalTrapTests {

	private static final Signal HUP = new Signal("HUP");

	private static final long HUP_BIT = 1;

	private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

	private final SignalTrap trap = new SignalTrap((name) -> this.heard.add("trap " + name));

	private SignalHandler original;

	@BeforeEach
	void beSafe() {
		assumeThat(ProcessFile.self().status("SigIgn", 16).orElse(0L) & HUP_BIT).as("HUP is ignored").isZero();
		this.original = Signal.handle(HUP, (signal) -> this.heard.add("previous " + signal.getName()));
	}

	@AfterEach
	void restore() {
		if (this.original != null) {
			Signal.handle(HUP, this.original);
		}
	}

	@Test
	void aSignalThatWasTakenIsHeard() throws InterruptedException {
		this.trap.take("HUP");
		Signal.raise(HUP);
		assertThat(next()).isEqualTo("trap HUP");
		assertThat(this.trap.problems()).isEmpty();
	}

	@Test
	void aSignalThatIsGivenBackGoesWhereItWent() throws InterruptedException {
		this.trap.take("HUP");
		this.trap.giveBack("HUP");
		Signal.raise(HUP);
		assertThat(next()).isEqualTo("previous HUP");
	}

	@Test
	void allSignalsAreGivenBackAtOnce() throws InterruptedException {
		this.trap.take("HUP");
		this.trap.giveBackAll();
		Signal.raise(HUP);
		assertThat(next()).isEqualTo("previous HUP");
	}

	@Test
	void aSignalThatIsTakenTwiceIsHeardOnceAndGivenBackWell() throws InterruptedException {
		this.trap.take("HUP");
		this.trap.take("HUP");
		Signal.raise(HUP);
		assertThat(next()).isEqualTo("trap HUP");
		this.trap.giveBack("HUP");
		Signal.raise(HUP);
		assertThat(next()).isEqualTo("previous HUP");
		assertThat(this.heard).isEmpty();
	}

	@Test
	void aSignalThatWasNotTakenIsNotGivenBack() throws InterruptedException {
		this.trap.giveBack("HUP");
		Signal.raise(HUP);
		assertThat(next()).isEqualTo("previous HUP");
	}

	/** The JVM uses SEGV itself, and says so to who asks for it. */
	@Test
	void aSignalThatTheJvmKeepsIsAProblemThatIsToldOnce() {
		this.trap.take("SEGV");
		List<String> problems = this.trap.problems();
		assertThat(problems).singleElement().asString().contains("SEGV");
		assertThat(this.trap.problems()).isEmpty();
		this.trap.giveBackAll();
	}

	private String next() throws InterruptedException {
		return this.heard.poll(10, TimeUnit.SECONDS);
	}

}
