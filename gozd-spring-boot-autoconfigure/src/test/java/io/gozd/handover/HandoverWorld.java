package io.gozd.handover;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two machines, the connection between them, and the operating system around them,
 * without threads or clocks: so every order of events can be tried. Messages are named
 * with the number of the successor that sent them, because a connection can outlive its
 * process by what was not read yet.
 */
final class HandoverWorld {

	private static final String END_OF_STREAM = "(end of stream)";

	final Incumbent incumbent = new Incumbent(new IncumbentSide());

	final Successor successor = new Successor(new SuccessorSide());

	private final Snapshot newborn = Snapshot.of(this.successor);

	// What may still come from outside: so many events in all, and so many of a kind.
	int outside = 4;

	int reloads = 2;

	int successorReloads = 1;

	int terminations = 1;

	int successorTerminations = 1;

	int incumbentCrashes = 1;

	int incumbentHangs = 1;

	int successorCrashes = 2;

	int badJars = 1;

	int takenPorts = 1;

	int breaks = 1;

	// The incumbent.
	boolean alive = true;

	/** Its thread stands still for ever; its other threads accept or not, as they did. */
	boolean hung;

	boolean accepting = true;

	boolean draining;

	boolean drainEnded;

	boolean released;

	boolean terminating;

	Incumbent.Timer timer;

	/** The number of the successor process, or 0. */
	int child;

	/** The successor whose connection is talked on, or 0. */
	int heard;

	List<String> toIncumbent = new ArrayList<>();

	boolean jarIsBad;

	boolean committed;

	// The successor.
	int number;

	boolean successorAlive;

	boolean reaped = true;

	boolean successorAccepting;

	boolean owner;

	boolean connected;

	boolean saidHello;

	boolean hasTable;

	boolean ready;

	boolean missed;

	Successor.Timer successorTimer;

	List<String> toSuccessor = new ArrayList<>();

	/** A listener is not to be had when the gates shall open. */
	boolean portIsTaken;

	boolean sigterm;

	boolean sigkill;

	// What must come true.
	/** A wish goes with the process that alone knows it. */
	boolean reloadOwed;

	boolean reloadOwedBySuccessor;

	boolean reloadOwedInMessage;

	boolean toldToTerminate;

	boolean successorToldToTerminate;

	/** The successor said TERMINATING, and lived until that was heard. */
	boolean heardTerminating;

	boolean unanswered;

	String files = "incumbent";

	Snapshot snapshot() {
		return Snapshot.of(this, this.incumbent, this.successor);
	}

	void restore(Snapshot snapshot) {
		snapshot.restore(this, this.incumbent, this.successor);
	}

	// From outside.

	boolean mayReload() {
		return isAwake() && this.reloads > 0;
	}

	void reload() {
		this.reloads--;
		this.reloadOwed = true;
		this.incumbent.reload();
	}

	boolean mayReloadSuccessor() {
		return this.successorAlive && !this.owner && this.successorReloads > 0;
	}

	void reloadSuccessor() {
		this.successorReloads--;
		this.reloadOwedBySuccessor = true;
		this.successor.reload();
	}

	boolean mayTerminate() {
		return isAwake() && this.terminations > 0;
	}

	void terminate() {
		this.terminations--;
		this.toldToTerminate = true;
		this.incumbent.terminate();
	}

	boolean mayTerminateSuccessor() {
		return this.successorAlive && !this.owner && this.successorTerminations > 0;
	}

	void terminateSuccessor() {
		this.successorTerminations--;
		this.successorToldToTerminate = this.successor.state() == Successor.State.PROBATION;
		this.successor.terminate();
	}

	boolean mayCrashIncumbent() {
		return this.alive && this.incumbentCrashes > 0;
	}

	void crashIncumbent() {
		this.incumbentCrashes--;
		this.reloadOwed = false;
		incumbentIsGone();
	}

	boolean mayHangIncumbent() {
		return isAwake() && this.connected == this.saidHello && this.incumbentHangs > 0;
	}

	void hangIncumbent() {
		this.incumbentHangs--;
		this.hung = true;
		this.reloadOwed = false;
		this.reloadOwedInMessage = false;
	}

	boolean isAwake() {
		return this.alive && !this.hung;
	}

	boolean mayCrashSuccessor() {
		return this.successorAlive && !this.owner && this.successorCrashes > 0;
	}

	void crashSuccessor() {
		this.successorCrashes--;
		successorIsGone();
	}

	boolean mayFailSuccessor() {
		return mayCrashSuccessor() && this.hasTable && this.successor.state() == Successor.State.STARTING;
	}

	void failSuccessor() {
		this.successorCrashes--;
		say("FAILED");
		successorIsGone();
	}

	void closeApplication() {
		this.successorCrashes--;
		this.successor.applicationCloses();
	}

	boolean mayTakePort() {
		return this.successorAlive && !this.successorAccepting && this.takenPorts > 0;
	}

	void takePort() {
		this.takenPorts--;
		this.portIsTaken = true;
	}

	boolean mayBreakJar() {
		return this.badJars > 0;
	}

	void breakJar() {
		this.badJars--;
		this.jarIsBad = true;
	}

	boolean mayBreakConnection() {
		return this.successorAlive && this.connected && isAwake() && this.toSuccessor.isEmpty() && this.breaks > 0;
	}

	void breakConnection() {
		this.breaks--;
		disconnect();
	}

	// What goes on by itself.

	boolean canSayHello() {
		return this.successorAlive && this.alive && !this.saidHello;
	}

	void sayHello() {
		this.saidHello = true;
		this.connected = true;
		say("HELLO");
	}

	/** An application waits for its listeners, which come with the table. */
	boolean canBeReady() {
		return this.successorAlive && !this.ready && (this.hasTable || this.missed);
	}

	void beReady() {
		this.ready = true;
		this.successor.ready();
	}

	boolean canIncumbentHear() {
		return isAwake() && !this.toIncumbent.isEmpty();
	}

	void incumbentHears() {
		String[] message = this.toIncumbent.remove(0).split(":");
		int from = Integer.parseInt(message[0]);
		if (message[1].equals("HELLO")) {
			if (from == this.child && this.incumbent.state() == Incumbent.State.RELOADING) {
				this.heard = from;
				this.incumbent.hello();
			}
			else if (from == this.number && this.connected) {
				this.toSuccessor.add("REFUSED");
			}
			return;
		}
		if (from != this.heard) {
			return;
		}
		switch (message[1]) {
			case "PREPARED" -> this.incumbent.prepared();
			case "ACCEPTING" -> this.incumbent.accepting();
			case "RELOAD" -> {
				this.reloadOwedInMessage = false;
				this.reloadOwed = true;
				this.incumbent.reload();
			}
			case "TERMINATING" -> {
				this.heardTerminating = true;
				this.incumbent.successorTerminates();
			}
			case "FAILED" -> this.incumbent.successorFailed("the application does not start");
			case END_OF_STREAM -> {
				this.heard = 0;
				this.incumbent.connectionLost("end of stream");
			}
			default -> throw new AssertionError(message[1]);
		}
	}

	boolean canSuccessorHear() {
		return this.successorAlive && !this.toSuccessor.isEmpty();
	}

	void successorHears() {
		switch (this.toSuccessor.remove(0)) {
			case "TABLE" -> this.hasTable = true;
			case "COMMIT" -> this.successor.commit();
			case "OWNER" -> this.successor.owner(false);
			case "OWNER, RELOAD" -> this.successor.owner(true);
			case "ABORT", "REFUSED" -> this.successor.abort("the reload is off");
			default -> throw new AssertionError();
		}
	}

	/**
	 * An incumbent that lives has had time to end a successor that it wants to end; the
	 * answer to HELLO is waited for in bounds.
	 */
	boolean canMissIncumbent() {
		boolean unanswered = this.hung && this.saidHello && !this.hasTable;
		boolean broken = this.saidHello && !this.connected && this.toIncumbent.isEmpty() && !this.sigterm
				&& !this.sigkill;
		return this.successorAlive && (!this.alive || unanswered || broken) && !this.owner && !this.missed
				&& this.toSuccessor.isEmpty();
	}

	void missIncumbent() {
		this.missed = true;
		if (this.alive) {
			this.successor.incumbentLost();
		}
		else {
			this.successor.incumbentDied();
		}
	}

	boolean canReap() {
		return isAwake() && !this.successorAlive && !this.reaped;
	}

	void reap() {
		this.reaped = true;
		if (this.child == this.number) {
			this.incumbent.successorEnded("signal 9");
		}
	}

	boolean canIncumbentTimeOut() {
		return isAwake() && this.timer != null;
	}

	void incumbentTimesOut() {
		Incumbent.Timer timer = this.timer;
		this.timer = null;
		this.incumbent.timeout(timer);
	}

	/** The wait for OWNER is longer than all that an incumbent waits for. */
	boolean canSuccessorTimeOut() {
		return this.successorTimer == Successor.Timer.COMMIT || (this.successorTimer == Successor.Timer.OWNER
				&& (this.hung || this.timer == null) && !this.sigkill && this.toSuccessor.isEmpty());
	}

	void successorTimesOut() {
		Successor.Timer timer = this.successorTimer;
		this.successorTimer = null;
		this.successor.timeout(timer);
	}

	boolean canBeDrained() {
		return isAwake() && this.draining;
	}

	void drained() {
		this.draining = false;
		this.drainEnded = true;
		this.incumbent.drained();
	}

	/** A drain takes longer than a message. */
	boolean canSuccessorBeDrained() {
		return this.successorAlive && this.owner && this.successorToldToTerminate
				&& (this.toIncumbent.isEmpty() || this.hung);
	}

	void successorDrained() {
		successorIsGone();
	}

	boolean canSigtermLand() {
		return this.successorAlive && this.sigterm;
	}

	void sigtermLands() {
		this.sigterm = false;
		this.sigkill = true;
		this.successor.terminate();
	}

	boolean canSigkillLand() {
		return this.successorAlive && this.sigkill;
	}

	void sigkillLands() {
		successorIsGone();
	}

	private void say(String message) {
		if (this.connected && this.alive) {
			this.toIncumbent.add(this.number + ":" + message);
		}
	}

	private void disconnect() {
		say(END_OF_STREAM);
		this.connected = false;
	}

	private void noReloadIsOwed() {
		this.reloadOwed = false;
		this.reloadOwedBySuccessor = false;
		this.reloadOwedInMessage = false;
	}

	private void successorIsGone() {
		disconnect();
		this.reloadOwedBySuccessor = false;
		this.successorAlive = false;
		this.successorAccepting = false;
		this.successorTimer = null;
		this.toSuccessor.clear();
		this.sigterm = false;
		this.sigkill = false;
	}

	private void incumbentIsGone() {
		this.alive = false;
		this.accepting = false;
		this.draining = false;
		this.timer = null;
		this.toIncumbent.clear();
	}

	private final class IncumbentSide implements IncumbentActions {

		private final HandoverWorld world = HandoverWorld.this;

		@Override
		public void startSuccessor() throws IOException {
			noReloadIsOwed();
			this.world.unanswered = true;
			if (this.world.jarIsBad) {
				this.world.jarIsBad = false;
				throw new IOException("the jar is bad");
			}
			HandoverInvariants.checkNoSuccessorLives(this.world);
			this.world.newborn.restore(this.world.successor);
			this.world.number++;
			this.world.child = this.world.number;
			this.world.heard = 0;
			this.world.successorAlive = true;
			this.world.portIsTaken = false;
			this.world.reaped = false;
			this.world.owner = false;
			this.world.connected = false;
			this.world.saidHello = false;
			this.world.hasTable = false;
			this.world.ready = false;
			this.world.missed = false;
			this.world.committed = false;
		}

		@Override
		public void sendTable() throws IOException {
			send("TABLE");
		}

		@Override
		public void sendCommit() throws IOException {
			this.world.committed = true;
			send("COMMIT");
		}

		@Override
		public void sendOwner(boolean reloadPending) throws IOException {
			send(reloadPending ? "OWNER, RELOAD" : "OWNER");
		}

		private void send(String message) throws IOException {
			if (this.world.heard == 0 || !this.world.connected) {
				throw new IOException("Broken pipe");
			}
			this.world.toSuccessor.add(message);
		}

		@Override
		public void killSuccessor(String reason) {
			if (this.world.heard != 0 && this.world.connected) {
				this.world.toSuccessor.add("ABORT");
			}
			this.world.heard = 0;
			// What it has said and nobody has read is not read any more.
			this.world.reloadOwedInMessage = false;
			this.world.sigterm = this.world.successorAlive && !this.world.committed;
			this.world.sigkill = this.world.successorAlive && this.world.committed;
		}

		@Override
		public void stopAccepting() {
			this.world.accepting = false;
		}

		@Override
		public void resumeAccepting() {
			HandoverInvariants.checkMayComeBack(this.world);
			this.world.accepting = true;
			this.world.draining = false;
			this.world.files = "incumbent";
		}

		@Override
		public void beginDrain() {
			this.world.draining = true;
			this.world.drainEnded = false;
		}

		@Override
		public void release() {
			this.world.released = true;
			this.world.unanswered = false;
			this.world.heard = 0;
		}

		@Override
		public void forwardReload() {
			if (this.world.successorAlive && !this.world.owner) {
				this.world.successor.reload();
			}
			else {
				// Done by the owner, or nobody is left to do it.
				this.world.reloadOwed = false;
			}
		}

		@Override
		public void terminate() {
			this.world.terminating = true;
			this.world.draining = true;
			this.world.drainEnded = false;
		}

		@Override
		public void exit() {
			HandoverInvariants.checkMayExit(this.world);
			incumbentIsGone();
		}

		@Override
		public void reloadFailed(String reason) {
			this.world.unanswered = false;
			this.world.child = 0;
		}

		@Override
		public void ignored(String reason) {
			this.world.reloadOwed = false;
		}

		@Override
		public void startTimer(Incumbent.Timer timer) {
			this.world.timer = timer;
		}

		@Override
		public void cancelTimer() {
			this.world.timer = null;
		}

	}

	private final class SuccessorSide implements SuccessorActions {

		private final HandoverWorld world = HandoverWorld.this;

		@Override
		public void sendPrepared() {
			say("PREPARED");
		}

		@Override
		public void goAlone() {
			HandoverInvariants.checkIsAlone(this.world);
		}

		@Override
		public void openGates() throws IOException {
			if (this.world.portIsTaken) {
				throw new IOException("Address already in use");
			}
			this.world.successorAccepting = true;
		}

		@Override
		public void shutGates() {
			this.world.successorAccepting = false;
		}

		@Override
		public void sendAccepting() {
			say("ACCEPTING");
		}

		@Override
		public void sendReload() {
			// The incumbent learns of it even if this process dies now.
			this.world.reloadOwedInMessage = this.world.connected && isAwake() && this.world.heard == this.world.number;
			say("RELOAD");
		}

		@Override
		public void sendTerminating() {
			say("TERMINATING");
		}

		@Override
		public void endIncumbent() {
			HandoverInvariants.checkHangs(this.world);
			incumbentIsGone();
		}

		@Override
		public void takeFiles() {
			this.world.files = "successor";
		}

		@Override
		public void own(boolean reloadPending) {
			this.world.owner = true;
			if (reloadPending) {
				noReloadIsOwed();
			}
		}

		@Override
		public void end(String reason) {
			say("FAILED");
			successorIsGone();
		}

		@Override
		public void startTimer(Successor.Timer timer) {
			this.world.successorTimer = timer;
		}

		@Override
		public void cancelTimer() {
			this.world.successorTimer = null;
		}

	}

}
