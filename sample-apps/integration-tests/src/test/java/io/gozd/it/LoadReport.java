package io.gozd.it;

import java.util.List;
import java.util.SortedMap;

/**
 * What the clients have seen.
 *
 * @param answered requests with the right answer
 * @param failures the others, by kind
 * @param failureList the first of the others
 * @param byPid answers by the process that gave them
 * @param byGeneration answers by the generation that gave them
 * @param longestMillis the time of the slowest answer
 */
record LoadReport(long answered, SortedMap<String, Long> failures, List<RequestFailure> failureList,
		SortedMap<Long, Long> byPid, SortedMap<Integer, Long> byGeneration, long longestMillis) {

	private static final int QUOTED = 10;

	long failed() {
		return this.failures.values().stream().mapToLong(Long::longValue).sum();
	}

	@Override
	public String toString() {
		return this.answered + " answered, failed " + this.failures + ", by pid " + this.byPid + ", by generation "
				+ this.byGeneration + ", longest " + this.longestMillis + " ms" + (this.failureList.isEmpty() ? ""
						: ", first failures " + this.failureList.subList(0, Math.min(QUOTED, this.failureList.size())));
	}

}
