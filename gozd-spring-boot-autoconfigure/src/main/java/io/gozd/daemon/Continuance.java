package io.gozd.daemon;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.gozd.handover.Incumbent;
import io.gozd.handover.Message;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a process does for the daemon that is not its own any more: it ends as its
 * successor has, where that was no good end. Where its supervisor knows no other pid, it
 * passes signals on while it drains, and stays when that is over; not in a process that
 * has no {@link Residence}.
 */
final class Continuance {

	private static final Log logger = LogFactory.getLog(Continuance.class);

	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

	private final @Nullable Residence residence;

	private final IncumbentRole incumbent;

	private final DaemonFiles files;

	private final Supplier<Posix> posix;

	private @Nullable String owedSignal;

	Continuance(@Nullable Residence residence, IncumbentRole incumbent, DaemonFiles files, Supplier<Posix> posix) {
		this.residence = residence;
		this.incumbent = incumbent;
		this.files = files;
		this.posix = posix;
	}

	/**
	 * Pass a signal on to whoever serves, if this process does not; in the {@link Loop}.
	 * @return whether it is done: else it is for this process
	 */
	boolean passesOn(String signal) {
		if (this.residence == null) {
			return false;
		}
		Incumbent machine = this.incumbent.machine();
		if (machine.state() == Incumbent.State.COMMITTING) {
			this.owedSignal = signal;
		}
		if (machine.state() == Incumbent.State.PROBATION) {
			// The daemon is the successor's from now on.
			machine.terminate();
		}
		return machine.state() == Incumbent.State.RELEASED && !this.incumbent.endsWithSuccessor() && tell(signal);
	}

	/** The daemon is the successor's; in the {@link Loop}. */
	void released() {
		if (this.residence == null) {
			return;
		}
		// Before there is a generation whose parent ends.
		this.residence.adoptOrphans();
		String owed = this.owedSignal;
		this.owedSignal = null;
		if (owed != null && !this.incumbent.endsWithSuccessor()) {
			tell(owed);
		}
	}

	/**
	 * Go on as the small process that stays; returns where this process ends. Called by
	 * the thread that ends the process.
	 * @param exitCode the code that this process would end with
	 * @return the code to end with
	 */
	int stay(int exitCode) {
		if (this.incumbent.machine().state() != Incumbent.State.RELEASED) {
			return exitCode;
		}
		if (this.residence != null) {
			// A successor that has ended well has perhaps had one that has not, and that
			// is a child of this process now: the small one waits for it.
			if (this.incumbent.current().exitCode().orElse(0) == 0 || !isLast()) {
				this.residence.stay(code(exitCode));
				awaitOthers();
			}
			this.residence.leave();
		}
		return code(exitCode);
	}

	private int code(int exitCode) {
		OptionalInt successor = this.incumbent.current().exitCode();
		return (successor.orElse(0) != 0) ? successor.getAsInt() : exitCode;
	}

	/** It could not become the small one, and its end would be that of the daemon. */
	private void awaitOthers() {
		while (!isLast()) {
			LockSupport.parkNanos(LOOK_NANOS);
		}
	}

	private boolean isLast() {
		try {
			return this.files.others().isEmpty();
		}
		catch (IOException ex) {
			// The directory has gone with the last of them.
			return true;
		}
	}

	private boolean tell(String signal) {
		if (this.files.nameThisProcess()) {
			return false;
		}
		try {
			ControlClient.tell(this.posix.get(), this.files.directory().controlSocket(),
					Message.of(Message.SIGNAL).with("name", signal));
			return true;
		}
		catch (IOException ex) {
			logger.debug("Nobody has the daemon any more", ex);
			return false;
		}
	}

}
