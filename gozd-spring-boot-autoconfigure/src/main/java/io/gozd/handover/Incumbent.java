package io.gozd.handover;

import java.io.IOException;

/**
 * The part of the process that serves. Every method is an event; what is to be done about
 * it is said to {@link IncumbentActions}. Not thread safe: one thread tells all events.
 */
public final class Incumbent {

	private final IncumbentActions actions;

	private State state = State.SERVING;

	private boolean reloadPending;

	private boolean terminating;

	private boolean greeted;

	private boolean drained;

	private boolean resumeAfterKill;

	private String failure = "";

	/**
	 * Create an incumbent that serves.
	 * @param actions what it can do
	 */
	public Incumbent(IncumbentActions actions) {
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
	 * Return whether another process may have the daemon: this one is not its last then.
	 * @return whether a successor was told to accept, and lives for all that is known
	 */
	public boolean mayBeSucceeded() {
		return mayServe() || this.state == State.RELEASED;
	}

	/**
	 * Return whether somebody wants the daemon to end.
	 * @return whether this process was told to, or its successor on probation
	 */
	public boolean isTerminating() {
		return this.terminating || this.state == State.TERMINATING;
	}

	/**
	 * Somebody wants a reload. While one runs it is remembered, and one follows, here or
	 * in the successor.
	 */
	public void reload() {
		switch (this.state) {
			case SERVING -> start();
			case RELOADING, COMMITTING, PROBATION, KILLING -> this.reloadPending = true;
			case RELEASED -> this.actions.forwardReload();
			case TERMINATING -> this.actions.ignored("This daemon terminates: no reload");
		}
	}

	private void start() {
		this.state = State.RELOADING;
		this.greeted = false;
		this.reloadPending = false;
		this.actions.startTimer(Timer.PREPARE);
		try {
			this.actions.startSuccessor();
		}
		catch (IOException | RuntimeException | Error ex) {
			// Errors too: a jar that was overwritten has no more classes, a full process
			// no
			// more threads. The next reload must find this one ended.
			this.actions.cancelTimer();
			failed((ex instanceof IOException) ? String.valueOf(ex.getMessage()) : ex.toString());
		}
	}

	/**
	 * The successor has connected and said who it is.
	 */
	public void hello() {
		if (this.state != State.RELOADING || this.greeted) {
			kill("The successor said HELLO twice or at the wrong time");
			return;
		}
		this.greeted = true;
		attempt(this.actions::sendTable);
	}

	/**
	 * The successor says that all but its gates is ready.
	 */
	public void prepared() {
		if (this.state != State.RELOADING || !this.greeted) {
			kill("The successor said PREPARED at the wrong time");
			return;
		}
		this.state = State.COMMITTING;
		this.actions.startTimer(Timer.COMMIT);
		attempt(this.actions::sendCommit);
	}

	/**
	 * The successor says that its gates are open.
	 */
	public void accepting() {
		if (this.state != State.COMMITTING) {
			kill("The successor said ACCEPTING at the wrong time");
			return;
		}
		this.state = State.PROBATION;
		this.drained = false;
		this.actions.startTimer(Timer.PROBATION);
		this.actions.stopAccepting();
		this.actions.beginDrain();
		if (this.terminating) {
			release();
		}
	}

	/**
	 * The successor was told to terminate, and so was the daemon.
	 */
	public void successorTerminates() {
		if (this.state == State.PROBATION) {
			this.terminating = true;
			try {
				this.actions.sendOwner(false);
			}
			catch (IOException ex) {
				// It has ended already, as it was told to.
			}
			released();
		}
		else {
			kill("The successor was told to terminate");
		}
	}

	/**
	 * The successor says that it can't start.
	 * @param reason why
	 */
	public void successorFailed(String reason) {
		kill(reason);
	}

	/**
	 * The connection to the successor is gone, or it says what can't be understood.
	 * @param reason what happened to it
	 */
	public void connectionLost(String reason) {
		kill(reason);
	}

	/**
	 * The successor has ended, whatever the cause, and is reaped.
	 * @param how its exit code or signal
	 */
	public void successorEnded(String how) {
		if (this.state == State.RELEASED || this.state == State.SERVING || this.state == State.TERMINATING) {
			return;
		}
		boolean mayHaveServed = mayServe() || this.resumeAfterKill;
		this.resumeAfterKill = false;
		this.actions.cancelTimer();
		if (mayHaveServed) {
			this.actions.resumeAccepting();
		}
		failed(this.failure.isEmpty() ? how : this.failure + " (" + how + ")");
	}

	/**
	 * A wait has come to its end.
	 * @param timer which
	 */
	public void timeout(Timer timer) {
		switch (timer) {
			case PREPARE -> {
				if (this.state == State.RELOADING) {
					kill("The successor was not ready in time (gozd.reload.timeout)");
				}
			}
			case COMMIT -> {
				if (this.state == State.COMMITTING) {
					kill("The successor did not open its gates in time");
				}
			}
			case PROBATION -> {
				if (this.state == State.PROBATION) {
					release();
				}
			}
		}
	}

	/**
	 * Somebody wants the daemon to end.
	 */
	public void terminate() {
		switch (this.state) {
			case SERVING -> {
				this.state = State.TERMINATING;
				this.actions.terminate();
			}
			case RELOADING, KILLING -> {
				this.terminating = true;
				kill("The daemon terminates");
			}
			// It may serve already: to kill it would break connections.
			case COMMITTING -> this.terminating = true;
			// The successor has the daemon: only the wait for it to die is given up.
			case PROBATION -> {
				this.terminating = true;
				release();
			}
			case RELEASED, TERMINATING -> {
			}
		}
	}

	/**
	 * The last connection of this generation is closed.
	 */
	public void drained() {
		this.drained = true;
		if (this.state == State.RELEASED || this.state == State.TERMINATING) {
			this.actions.exit();
		}
	}

	private void release() {
		try {
			this.actions.sendOwner(this.reloadPending && !this.terminating);
		}
		catch (IOException ex) {
			kill("The successor can't be told that the daemon is its own: " + ex.getMessage());
			return;
		}
		released();
	}

	private void released() {
		this.actions.cancelTimer();
		this.state = State.RELEASED;
		this.actions.release();
		if (this.drained) {
			this.actions.exit();
		}
	}

	private void attempt(Attempt attempt) {
		try {
			attempt.run();
		}
		catch (IOException | RuntimeException | Error ex) {
			kill("The successor can't be reached: " + ex);
		}
	}

	private void kill(String reason) {
		switch (this.state) {
			case RELOADING, COMMITTING, PROBATION -> {
				this.resumeAfterKill = mayServe();
				this.failure = reason;
				this.state = State.KILLING;
				this.actions.cancelTimer();
				this.actions.killSuccessor(reason);
			}
			case SERVING, KILLING, RELEASED, TERMINATING -> {
			}
		}
	}

	/**
	 * Once told COMMIT it may have opened its gates and taken the files, heard of or not.
	 */
	private boolean mayServe() {
		return this.state == State.COMMITTING || this.state == State.PROBATION;
	}

	private void failed(String reason) {
		this.failure = "";
		this.state = State.SERVING;
		this.drained = false;
		this.actions.reloadFailed(reason);
		if (this.terminating) {
			terminate();
		}
		else if (this.reloadPending) {
			start();
		}
	}

	/** Where an incumbent stands. */
	public enum State {

		/** Accepts and serves. */
		SERVING,

		/** Serves, while the successor starts. */
		RELOADING,

		/** Serves, while the successor opens its gates. */
		COMMITTING,

		/** Drains, but comes back should the successor die. */
		PROBATION,

		/** Waits for the end of a successor that has failed. */
		KILLING,

		/** Drains; the daemon is the successor's. */
		RELEASED,

		/** Drains; there is no successor. */
		TERMINATING

	}

	/** What an incumbent waits for, within bounds; one at a time. */
	public enum Timer {

		/** PREPARED, for {@code gozd.reload.timeout}. */
		PREPARE,

		/** ACCEPTING. */
		COMMIT,

		/** The successor to prove itself, for {@code gozd.reload.probation}. */
		PROBATION

	}

	@FunctionalInterface
	private interface Attempt {

		void run() throws IOException;

	}

}
