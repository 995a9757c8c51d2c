package io.gozd.handover;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What can happen in a {@link HandoverWorld}. What comes from outside happens a bounded
 * number of times; the rest happens whenever it can.
 */
enum HandoverEvent {

	RELOAD(true, HandoverWorld::mayReload, HandoverWorld::reload),

	RELOAD_SUCCESSOR(true, HandoverWorld::mayReloadSuccessor, HandoverWorld::reloadSuccessor),

	TERMINATE(true, HandoverWorld::mayTerminate, HandoverWorld::terminate),

	TERMINATE_SUCCESSOR(true, HandoverWorld::mayTerminateSuccessor, HandoverWorld::terminateSuccessor),

	INCUMBENT_CRASHES(true, HandoverWorld::mayCrashIncumbent, HandoverWorld::crashIncumbent),

	INCUMBENT_HANGS(true, HandoverWorld::mayHangIncumbent, HandoverWorld::hangIncumbent),

	SUCCESSOR_CRASHES(true, HandoverWorld::mayCrashSuccessor, HandoverWorld::crashSuccessor),

	SUCCESSOR_FAILS(true, HandoverWorld::mayFailSuccessor, HandoverWorld::failSuccessor),

	APPLICATION_CLOSES(true, HandoverWorld::mayCrashSuccessor, HandoverWorld::closeApplication),

	PORT_IS_TAKEN(true, HandoverWorld::mayTakePort, HandoverWorld::takePort),

	JAR_BREAKS(true, HandoverWorld::mayBreakJar, HandoverWorld::breakJar),

	CONNECTION_BREAKS(true, HandoverWorld::mayBreakConnection, HandoverWorld::breakConnection),

	HELLO(false, HandoverWorld::canSayHello, HandoverWorld::sayHello),

	READY(false, HandoverWorld::canBeReady, HandoverWorld::beReady),

	INCUMBENT_HEARS(false, HandoverWorld::canIncumbentHear, HandoverWorld::incumbentHears),

	SUCCESSOR_HEARS(false, HandoverWorld::canSuccessorHear, HandoverWorld::successorHears),

	SUCCESSOR_MISSES_INCUMBENT(false, HandoverWorld::canMissIncumbent, HandoverWorld::missIncumbent),

	SUCCESSOR_IS_REAPED(false, HandoverWorld::canReap, HandoverWorld::reap),

	INCUMBENT_TIMEOUT(false, HandoverWorld::canIncumbentTimeOut, HandoverWorld::incumbentTimesOut),

	SUCCESSOR_TIMEOUT(false, HandoverWorld::canSuccessorTimeOut, HandoverWorld::successorTimesOut),

	DRAINED(false, HandoverWorld::canBeDrained, HandoverWorld::drained),

	SUCCESSOR_DRAINED(false, HandoverWorld::canSuccessorBeDrained, HandoverWorld::successorDrained),

	SIGTERM_LANDS(false, HandoverWorld::canSigtermLand, HandoverWorld::sigtermLands),

	SIGKILL_LANDS(false, HandoverWorld::canSigkillLand, HandoverWorld::sigkillLands);

	private final boolean outside;

	private final Predicate<HandoverWorld> possible;

	private final Consumer<HandoverWorld> effect;

	HandoverEvent(boolean outside, Predicate<HandoverWorld> possible, Consumer<HandoverWorld> effect) {
		this.outside = outside;
		this.possible = possible;
		this.effect = effect;
	}

	boolean isFromOutside() {
		return this.outside;
	}

	boolean isPossibleIn(HandoverWorld world) {
		return this.possible.test(world) && (!this.outside || world.outside > 0);
	}

	void happenIn(HandoverWorld world) {
		if (this.outside) {
			world.outside--;
		}
		this.effect.accept(world);
		HandoverInvariants.check(world);
	}

}
