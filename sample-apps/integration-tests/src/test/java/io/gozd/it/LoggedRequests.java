package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.gozd.it.fixture.RequestLog;

/**
 * What {@link RequestLog} has written, by the process that wrote it.
 *
 * @param numbers the numbers of the requests that each process has logged, in the order
 * of the files
 */
record LoggedRequests(SortedMap<Long, List<Long>> numbers) {

	private static final Pattern LINE = Pattern.compile("request (\\d+) (\\d+) end");

	static LoggedRequests in(Path... files) throws IOException {
		SortedMap<Long, List<Long>> numbers = new TreeMap<>();
		for (Path file : files) {
			for (String line : Files.readAllLines(file)) {
				Matcher matcher = LINE.matcher(line);
				while (matcher.find()) {
					numbers.computeIfAbsent(Long.valueOf(matcher.group(1)), (absent) -> new ArrayList<>())
						.add(Long.valueOf(matcher.group(2)));
				}
			}
		}
		return new LoggedRequests(numbers);
	}

	/**
	 * What is missing, or there twice, or fewer than there were answers.
	 */
	List<String> faults(Map<Long, Long> answers) {
		List<String> faults = new ArrayList<>();
		answers.forEach((pid, answered) -> {
			List<Long> logged = this.numbers.getOrDefault(pid, List.of());
			long distinct = new HashSet<>(logged).size();
			long last = logged.stream().mapToLong(Long::longValue).max().orElse(0);
			if (distinct != logged.size() || last != distinct || distinct < answered) {
				faults.add("process " + pid + ": " + answered + " answered, " + logged.size() + " lines, " + distinct
						+ " of them different, the last number " + last);
			}
		});
		return faults;
	}

}
