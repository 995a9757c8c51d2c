package tryswap;

import java.io.IOException;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process of the daemon, as its answers tell.
 *
 * @param number counted from 1
 * @param pid its process
 */
record Generation(int number, long pid) implements Comparable<Generation> {

	private static final Pattern ANSWER = Pattern.compile("pid=(\\d+) gen=(\\d+) version=\\S+");

	private static final Comparator<Generation> ORDER = Comparator.comparingInt(Generation::number)
		.thenComparingLong(Generation::pid);

	static Generation of(String answer) throws IOException {
		Matcher matcher = ANSWER.matcher(answer);
		if (!matcher.matches()) {
			throw new IOException("no answer of the daemon: " + answer);
		}
		return new Generation(Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(1)));
	}

	@Override
	public int compareTo(Generation other) {
		return ORDER.compare(this, other);
	}

}
