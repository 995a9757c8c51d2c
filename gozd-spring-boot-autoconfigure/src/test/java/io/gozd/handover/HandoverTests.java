package io.gozd.handover;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Both machines together, in every order of events: breadth first, so that a failure
 * comes with the shortest way to it.
 */
final class HandoverTests {

	private final HandoverWorld world = new HandoverWorld();

	/** Each state that was reached, with the step that led to it first. */
	private final Map<Snapshot, Step> reached = new HashMap<>();

	@Test
	void noOrderOfEventsBreaksAnInvariant() {
		int rests = 0;
		Deque<Snapshot> next = new ArrayDeque<>();
		next.add(this.world.snapshot());
		this.reached.put(next.peek(), new Step(null, null));
		while (!next.isEmpty()) {
			Snapshot state = next.remove();
			boolean rest = true;
			for (HandoverEvent event : HandoverEvent.values()) {
				this.world.restore(state);
				if (event.isPossibleIn(this.world)) {
					rest &= event.isFromOutside();
					happen(event, state);
					Snapshot after = this.world.snapshot();
					if (this.reached.putIfAbsent(after, new Step(state, event)) == null) {
						next.add(after);
					}
				}
			}
			if (rest) {
				rests++;
				checkRest(state);
			}
		}
		assertThat(this.reached).as("the world is not so small").hasSizeGreaterThan(10_000);
		assertThat(rests).isGreaterThan(100);
	}

	private void happen(HandoverEvent event, Snapshot before) {
		try {
			event.happenIn(this.world);
		}
		catch (AssertionError | RuntimeException ex) {
			List<HandoverEvent> way = wayTo(before);
			way.add(event);
			throw new AssertionError(way + ": " + ex.getMessage(), ex);
		}
	}

	private void checkRest(Snapshot state) {
		this.world.restore(state);
		try {
			HandoverInvariants.checkAtRest(this.world);
			if (this.world.isAwake()) {
				checkThatTheNextReloadWorks();
			}
		}
		catch (AssertionError ex) {
			throw new AssertionError(wayTo(state) + ": " + ex.getMessage(), ex);
		}
	}

	private void checkThatTheNextReloadWorks() {
		this.world.jarIsBad = false;
		this.world.outside = 1;
		this.world.reloads = 1;
		for (HandoverEvent event : List.of(HandoverEvent.RELOAD, HandoverEvent.HELLO, HandoverEvent.INCUMBENT_HEARS,
				HandoverEvent.SUCCESSOR_HEARS, HandoverEvent.READY, HandoverEvent.INCUMBENT_HEARS,
				HandoverEvent.SUCCESSOR_HEARS, HandoverEvent.INCUMBENT_HEARS, HandoverEvent.INCUMBENT_TIMEOUT,
				HandoverEvent.SUCCESSOR_HEARS, HandoverEvent.DRAINED)) {
			assertThat(event.isPossibleIn(this.world)).as("the next reload comes to %s", event).isTrue();
			event.happenIn(this.world);
		}
		assertThat(this.world.alive).isFalse();
		assertThat(this.world.owner && this.world.successorAccepting).isTrue();
	}

	private List<HandoverEvent> wayTo(Snapshot state) {
		List<HandoverEvent> way = new LinkedList<>();
		for (Step step = this.reached.get(state); step.event() != null; step = this.reached.get(step.from())) {
			way.add(0, step.event());
		}
		return way;
	}

	private record Step(Snapshot from, HandoverEvent event) {

	}

}
