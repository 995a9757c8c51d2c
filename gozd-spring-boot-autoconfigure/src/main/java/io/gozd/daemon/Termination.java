package io.gozd.daemon;

import io.gozd.drain.DrainCause;
import io.gozd.handover.Incumbent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a process does that is told to end: once in good order, twice at once. Used in the
 * {@link Loop} alone.
 */
final class Termination {

	private static final Log logger = LogFactory.getLog(Termination.class);

	private static final int SIGNAL_EXIT = 128;

	private static final int SIGINT = 2;

	private static final int SIGTERM = 15;

	private final Tenure tenure;

	private final IncumbentRole incumbent;

	private final @Nullable SuccessorRole successor;

	private final Ending ending;

	private final Departure departure;

	private final Continuance continuance;

	private final SignalEchoes echoes = new SignalEchoes(System::nanoTime);

	private int times;

	Termination(Tenure tenure, IncumbentRole incumbent, @Nullable SuccessorRole successor, Ending ending,
			Departure departure, Continuance continuance) {
		this.tenure = tenure;
		this.incumbent = incumbent;
		this.successor = successor;
		this.ending = ending;
		this.departure = departure;
		this.continuance = continuance;
	}

	/** A request and no signal: asked again, it goes on with what it does. */
	void request() {
		if (this.times == 0) {
			signal(DrainCause.TERMINATE, false);
		}
	}

	/**
	 * Somebody wants this process to end. Whatever goes wrong in an orderly end, it ends.
	 * @param cause what was meant
	 * @param passedOn whether another process has passed it on
	 */
	void signal(DrainCause cause, boolean passedOn) {
		if (this.echoes.isEcho(cause, passedOn)) {
			logger.debug("Told the same by who passes signals on");
			return;
		}
		int exitCode = SIGNAL_EXIT + ((cause == DrainCause.INTERRUPT) ? SIGINT : SIGTERM);
		try {
			end(cause, exitCode);
		}
		catch (RuntimeException | Error ex) {
			exit(exitCode);
			throw ex;
		}
	}

	private static void exit(int exitCode) {
		new Thread(() -> System.exit(exitCode), "gozd-exit").start();
	}

	private void end(DrainCause cause, int exitCode) {
		if (this.continuance.passesOn((cause == DrainCause.INTERRUPT) ? "INT" : "TERM")) {
			return;
		}
		if (this.times++ > 0) {
			logger.warn("Told to end again: ends at once");
			this.incumbent.endNow();
			this.ending.endNow(exitCode);
		}
		else if (this.tenure.hasBegun()) {
			drain(cause);
		}
		else if (this.successor != null) {
			this.successor.machine().terminate();
			if (this.tenure.hasBegun()) {
				drain(cause);
			}
		}
		else {
			this.departure.leave();
			exit(exitCode);
		}
	}

	/** End without breaking a connection. */
	void drain(DrainCause cause) {
		Incumbent.State state = this.incumbent.machine().state();
		if (state == Incumbent.State.RELEASED || state == Incumbent.State.PROBATION) {
			logger.info("This generation drains already; told again, it ends at once");
			if (cause == DrainCause.INTERRUPT) {
				this.ending.hurry();
			}
		}
		this.incumbent.terminate(cause);
	}

	/** There are too many generations: end a drain that has been replaced. */
	void endDrain() {
		if (this.incumbent.machine().state() == Incumbent.State.RELEASED) {
			logger.warn("There are too many generations: this one ends at once");
			this.ending.endNow(0);
		}
	}

}
