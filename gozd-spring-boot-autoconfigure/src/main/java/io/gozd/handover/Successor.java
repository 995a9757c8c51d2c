package io.gozd.handover;

import java.io.IOException;

/**
 * The part of the process that was started to replace another, until the daemon is its
 * own. Every method is an event; what is to be done about it is said to
 * {@link SuccessorActions}. Not thread safe: one thread tells all events.
 */
public final class Successor {

	private final SuccessorActions actions;

	private State state = State.STARTING;

	private boolean alone;

	private boolean reloadPending;

	/**
	 * Create a successor whose application starts.
	 * @param actions what it can do
	 */
	public Successor(SuccessorActions actions) {
		this.actions = actions;
	}

	/**
	 * Return where it stands.
	 * @return the state
	 */
	public State state() {
		return this.state;
	}

	/**
	 * The application is ready in every respect but its gates.
	 */
	public void ready() {
		if (this.state != State.STARTING) {
			return;
		}
		if (this.alone) {
			takeOver();
			return;
		}
		this.state = State.PREPARED;
		this.actions.startTimer(Timer.COMMIT);
		this.actions.sendPrepared();
	}

	/**
	 * The incumbent says that the gates may open.
	 */
	public void commit() {
		if (this.state != State.PREPARED) {
			return;
		}
		if (!openGates()) {
			return;
		}
		this.state = State.PROBATION;
		this.actions.startTimer(Timer.OWNER);
		// First: whom the incumbent tells something at the control socket is this
		// process.
		this.actions.takeFiles();
		this.actions.sendAccepting();
		if (this.reloadPending) {
			this.actions.sendReload();
		}
	}

	/**
	 * The incumbent says that the daemon is this process's own.
	 * @param reloadOwed whether a reload was asked for and is not done yet
	 */
	public void owner(boolean reloadOwed) {
		if (this.state == State.PROBATION) {
			this.reloadPending |= reloadOwed;
			own();
		}
	}

	/**
	 * The incumbent says that the reload is off.
	 * @param reason why
	 */
	public void abort(String reason) {
		if (this.state != State.OWNER) {
			end("The incumbent has ended the reload: " + reason);
		}
	}

	/**
	 * The connection to the incumbent is gone and so is the incumbent: this process goes
	 * on alone.
	 */
	public void incumbentDied() {
		switch (this.state) {
			case STARTING -> {
				this.alone = true;
				this.actions.goAlone();
			}
			case PREPARED -> takeOver();
			case PROBATION -> own();
			case OWNER, ENDED -> {
			}
		}
	}

	/**
	 * The connection to the incumbent is gone, but the incumbent lives and has had time
	 * to end this process.
	 */
	public void incumbentLost() {
		switch (this.state) {
			case STARTING, PREPARED -> end("The incumbent has closed the connection");
			// It did not end us, so it hangs: somebody must have the daemon, and only
			// one.
			case PROBATION -> {
				this.actions.endIncumbent();
				own();
			}
			case OWNER, ENDED -> {
			}
		}
	}

	/**
	 * A wait has come to its end.
	 * @param timer which
	 */
	public void timeout(Timer timer) {
		if (timer == Timer.COMMIT && this.state == State.PREPARED) {
			end("The incumbent did not answer PREPARED in time");
		}
		else if (timer == Timer.OWNER && this.state == State.PROBATION) {
			// It hangs, or it would have come back or said so; and it may accept still.
			this.actions.endIncumbent();
			own();
		}
	}

	/**
	 * Somebody wants a reload: it is remembered until the daemon is this process's own.
	 * On probation the incumbent remembers it too, should this process die.
	 */
	public void reload() {
		this.reloadPending = true;
		if (this.state == State.PROBATION) {
			this.actions.sendReload();
		}
	}

	/**
	 * The application closes, and nobody has told this process to end: it is not fit to
	 * have the daemon.
	 */
	public void applicationCloses() {
		if (this.state == State.PROBATION) {
			this.actions.shutGates();
		}
		if (this.state != State.OWNER) {
			end("The application has closed by itself");
		}
	}

	/**
	 * The application is about to close, because it can't be started as it is.
	 * @param reason why
	 */
	public void applicationFails(String reason) {
		if (this.state == State.STARTING) {
			end(reason);
		}
	}

	/**
	 * Somebody wants this process to end.
	 */
	public void terminate() {
		switch (this.state) {
			case STARTING, PREPARED -> end("The successor was told to terminate");
			case PROBATION -> {
				this.actions.cancelTimer();
				this.state = State.OWNER;
				this.actions.sendTerminating();
				this.actions.own(false);
			}
			case OWNER, ENDED -> {
			}
		}
	}

	private void takeOver() {
		if (openGates()) {
			this.actions.takeFiles();
			own();
		}
	}

	/** Before it has begun to accept it may give up: the incumbent accepts still. */
	private boolean openGates() {
		try {
			this.actions.openGates();
			return true;
		}
		catch (IOException | RuntimeException | Error ex) {
			this.actions.shutGates();
			end((ex instanceof IOException) ? String.valueOf(ex.getMessage()) : ex.toString());
			return false;
		}
	}

	private void own() {
		this.actions.cancelTimer();
		this.state = State.OWNER;
		this.actions.own(this.reloadPending);
	}

	private void end(String reason) {
		if (this.state != State.ENDED) {
			this.state = State.ENDED;
			this.actions.cancelTimer();
			this.actions.end(reason);
		}
	}

	/** Where a successor stands. */
	public enum State {

		/** The application starts. */
		STARTING,

		/** Ready, with shut gates. */
		PREPARED,

		/** Accepts and serves; the incumbent may still come back. */
		PROBATION,

		/** The daemon is its own: it is the incumbent. */
		OWNER,

		/** Gives up. */
		ENDED

	}

	/** What a successor waits for, within bounds. */
	public enum Timer {

		/** COMMIT, after PREPARED. */
		COMMIT,

		/** OWNER, once the incumbent's probation is over. */
		OWNER

	}

}
