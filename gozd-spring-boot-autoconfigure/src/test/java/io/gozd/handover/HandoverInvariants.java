package io.gozd.handover;

import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is true of a {@link HandoverWorld} whatever happens.
 */
final class HandoverInvariants {

	private static final Map<Incumbent.State, Incumbent.Timer> TIMERS = Map.of(Incumbent.State.RELOADING,
			Incumbent.Timer.PREPARE, Incumbent.State.COMMITTING, Incumbent.Timer.COMMIT, Incumbent.State.PROBATION,
			Incumbent.Timer.PROBATION);

	private static final Map<Successor.State, Successor.Timer> SUCCESSOR_TIMERS = Map.of(Successor.State.PREPARED,
			Successor.Timer.COMMIT, Successor.State.PROBATION, Successor.Timer.OWNER);

	private static final Set<Incumbent.State> OVERLAP = Set.of(Incumbent.State.COMMITTING, Incumbent.State.KILLING);

	private HandoverInvariants() {
	}

	/** After each event. */
	static void check(HandoverWorld world) {
		if (world.accepting && world.successorAccepting) {
			assertThat(world.incumbent.state()).as("both accept").isIn(OVERLAP);
		}
		assertThat(world.timer).as("the timer of %s", world.incumbent.state())
			.isEqualTo(world.alive ? TIMERS.get(world.incumbent.state()) : null);
		assertThat(world.successorTimer).as("the timer of the successor")
			.isEqualTo(world.successorAlive ? SUCCESSOR_TIMERS.get(world.successor.state()) : null);
		if (world.alive && !world.accepting && !world.successorAccepting) {
			assertThat(!world.reaped || world.incumbent.state() == Incumbent.State.RELEASED
					|| world.incumbent.state() == Incumbent.State.TERMINATING)
				.as("nobody accepts, and nobody is about to")
				.isTrue();
		}
		if (!world.alive && world.successorAlive && !world.successorToldToTerminate) {
			assertThat(world.successorAccepting || canGoOn(world)).as("the one that is left can come to accept")
				.isTrue();
		}
	}

	private static boolean canGoOn(HandoverWorld world) {
		return world.canMissIncumbent() || world.canBeReady() || world.canSuccessorHear() || world.canSigkillLand()
				|| world.canSigtermLand();
	}

	/** When nothing goes on by itself any more. */
	static void checkAtRest(HandoverWorld world) {
		if (world.hung && world.alive) {
			assertThat(world.accepting && world.successorAccepting).as("two accept for good").isFalse();
			return;
		}
		boolean toldToTerminate = world.toldToTerminate || world.successorToldToTerminate;
		if (world.alive) {
			assertThat(world.incumbent.state()).isEqualTo(Incumbent.State.SERVING);
			assertThat(world.toldToTerminate).as("an incumbent that was told to terminate has ended").isFalse();
			assertThat(world.heardTerminating).as("nobody comes back when the successor was told to terminate")
				.isFalse();
			assertThat(world.accepting).as("the incumbent accepts").isTrue();
			assertThat(world.successorAlive).as("no other generation").isFalse();
			assertThat(world.files).as("the files name").isEqualTo("incumbent");
			assertThat(world.unanswered).as("every reload ends in success or in an answer").isFalse();
		}
		else if (world.successorAlive) {
			assertThat(world.owner && world.successorAccepting).as("the successor has the daemon").isTrue();
			assertThat(world.files).as("the files name").isEqualTo("successor");
		}
		if (!toldToTerminate && (world.alive || world.successorAlive)) {
			assertThat(world.reloadOwed || world.reloadOwedBySuccessor || world.reloadOwedInMessage)
				.as("a reload was lost")
				.isFalse();
		}
	}

	static void checkNoSuccessorLives(HandoverWorld world) {
		assertThat(world.successorAlive || !world.reaped).as("two successors").isFalse();
	}

	static void checkHangs(HandoverWorld world) {
		assertThat(world.isAwake()).as("ends only an incumbent that hangs").isFalse();
	}

	static void checkIsAlone(HandoverWorld world) {
		assertThat(world.alive).as("goes on alone only when the incumbent is dead").isFalse();
	}

	static void checkMayComeBack(HandoverWorld world) {
		assertThat(world.reaped).as("accepts again only when the successor is dead").isTrue();
		assertThat(world.released).as("accepts again what it has released").isFalse();
		assertThat(world.heardTerminating).as("accepts again although the successor was told to terminate").isFalse();
	}

	static void checkMayExit(HandoverWorld world) {
		assertThat(world.drainEnded).as("exits only when drained").isTrue();
		assertThat(world.released || world.terminating).as("exits only when released or terminating").isTrue();
	}

}
