package io.gozd.daemon;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.gozd.handover.Message;
import org.jspecify.annotations.Nullable;

/**
 * The reloads that this generation does: who watches them, and how the last one ended.
 * Used in the {@link Loop} alone.
 */
final class Reloads {

	private final int generation;

	private final Clock clock;

	/** Those whose reload runs. */
	private final List<Watcher> following = new ArrayList<>();

	/** Those whose reload is the next one. */
	private final List<Watcher> waiting = new ArrayList<>();

	/** Those whose reload has brought this process, on probation still. */
	private final List<Watcher> arriving = new ArrayList<>();

	private @Nullable Instant begun;

	private @Nullable Outcome last;

	Reloads(int generation, Clock clock) {
		this.generation = generation;
		this.clock = clock;
	}

	int generation() {
		return this.generation;
	}

	/** When the reload began that runs, or null if none does. */
	@Nullable Instant begun() {
		return this.begun;
	}

	/** How the last reload ended that this generation has done, or null. */
	@Nullable Outcome last() {
		return this.last;
	}

	/** A reload begins: it is the one that was waited for. */
	void begin() {
		this.begun = this.clock.instant();
		this.following.addAll(this.waiting);
		this.waiting.clear();
		step("Generation " + this.generation + " checks whether a reload can work");
	}

	/** Say how far the reload is that runs. */
	void step(String text) {
		this.following.forEach((watcher) -> tellStep(watcher, text));
	}

	private void tellStep(Watcher watcher, String text) {
		watcher.tell(Message.of(Message.PROGRESS).with("step", text).with("generation", this.generation));
	}

	/** The daemon is the successor's, and so is what was asked for meanwhile. */
	void succeeded() {
		end(new Outcome("", "", this.clock.instant()));
		this.waiting.forEach((watcher) -> watcher.tell(moved()));
		this.waiting.clear();
	}

	private Message moved() {
		return Message.of(Message.MOVED).with("generation", this.generation + 1);
	}

	void failed(String reason, String lastLines) {
		end(new Outcome(reason, lastLines, this.clock.instant()));
	}

	private void end(Outcome outcome) {
		this.begun = null;
		this.last = outcome;
		this.following.forEach((watcher) -> watcher.tell(message(outcome)));
		this.following.clear();
	}

	private Message message(Outcome outcome) {
		return outcome.succeeded() ? reloaded(this.generation + 1)
				: Message.of(Message.NOT_RELOADED, outcome.reason() + outcome.lastLines())
					.with("generation", this.generation);
	}

	private static Message reloaded(int generation) {
		return Message.of(Message.RELOADED).with("generation", generation);
	}

	/** There will be no reload. */
	void refuse(String reason) {
		this.waiting.forEach((watcher) -> watcher.tell(Message.of(Message.NOT_RELOADED, reason)));
		this.waiting.clear();
	}

	/** The daemon is this process's own. */
	void arrived() {
		this.arriving.forEach((watcher) -> watcher.tell(reloaded(this.generation)));
		this.arriving.clear();
	}

	/** Watch the reload that has brought this process. */
	void awaitArrival(Watcher watcher) {
		this.arriving.add(watcher);
	}

	/** Watch the reload that begins next. */
	void awaitNext(Watcher watcher) {
		this.waiting.add(watcher);
	}

	/** Say what it waits for, where its reload has not begun. */
	void explain(Watcher watcher, String reason) {
		if (this.waiting.contains(watcher)) {
			watcher.tell(Message.of(Message.PROGRESS).with("step", reason));
		}
	}

	/**
	 * Watch a reload that this generation has begun.
	 * @return whether there was one
	 */
	boolean join(Watcher watcher) {
		Outcome last = this.last;
		if (this.begun != null) {
			this.following.add(watcher);
			tellStep(watcher, "Generation " + this.generation + " reloads already");
			return true;
		}
		if (last != null) {
			watcher.tell(message(last));
			return true;
		}
		return false;
	}

	/** Nobody listens any more. */
	void forget(Watcher watcher) {
		this.following.remove(watcher);
		this.waiting.remove(watcher);
		this.arriving.remove(watcher);
	}

	/**
	 * How a reload ended.
	 *
	 * @param reason why it failed, or nothing if it has not
	 * @param lastLines what the successor printed last, for those who asked for the
	 * reload: a monitor must not send them about
	 * @param at when it ended
	 */
	record Outcome(String reason, String lastLines, Instant at) {

		boolean succeeded() {
			return this.reason.isEmpty();
		}

	}

}
