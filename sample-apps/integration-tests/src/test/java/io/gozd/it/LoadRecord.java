package io.gozd.it;

import java.util.ArrayList;
import java.util.List;
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

	private long answered;

	private long longest;

	synchronized void answer(Answer answer, long nanos) {
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

	synchronized LoadReport report() {
		return new LoadReport(this.answered, new TreeMap<>(this.failures), List.copyOf(this.failureList),
				new TreeMap<>(this.byPid), new TreeMap<>(this.byGeneration), this.longest / 1_000_000);
	}

}
