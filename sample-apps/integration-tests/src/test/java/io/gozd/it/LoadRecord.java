package io.gozd.it;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the clients have seen up to now.
 */
final class LoadRecord {

	private static final int KEPT_FAILURES = 2000;

	private final SortedMap<Long, Long> byPid = new TreeMap<>();

	private final SortedMap<Integer, Long> byGeneration = new TreeMap<>();

	private final SortedMap<String, Long> failures = new TreeMap<>();

	private final List<RequestFailure> failureList = new ArrayList<>();

	/** When each client has begun the last request that was answered. */
	private final Map<Thread, Long> lastBegun = new HashMap<>();

	private long answered;

	private long longest;

	/**
	 * A client was answered, and says it itself.
	 */
	synchronized void answer(Answer answer, long nanos) {
		this.lastBegun.put(Thread.currentThread(), System.nanoTime() - nanos);
		this.answered++;
		this.longest = Math.max(this.longest, nanos);
		this.byPid.merge(answer.pid(), 1L, Long::sum);
		this.byGeneration.merge(answer.generation(), 1L, Long::sum);
	}

	synchronized void failure(RequestFailure failure) {
		this.failures.merge(failure.kind(), 1L, Long::sum);
		if (this.failureList.size() < KEPT_FAILURES) {
			this.failureList.add(failure);
		}
	}

	/**
	 * Whether a client was answered what it has asked after a time.
	 * @param time by the clock of {@link System#nanoTime()}
	 */
	synchronized boolean isAnswered(Thread client, long time) {
		Long begun = this.lastBegun.get(client);
		return begun != null && begun - time > 0;
	}

	synchronized LoadReport report() {
		return new LoadReport(this.answered, new TreeMap<>(this.failures), List.copyOf(this.failureList),
				new TreeMap<>(this.byPid), new TreeMap<>(this.byGeneration), this.longest / 1_000_000);
	}

}
