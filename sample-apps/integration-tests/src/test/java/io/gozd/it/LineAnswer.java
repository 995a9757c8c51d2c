package io.gozd.it;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that a handler of raw TCP has sent.
 *
 * @param before what stands before the identity of the sender
 * @param pid the process that sent it
 * @param generation its generation
 * @param after what stands after the identity
 */
record LineAnswer(String before, long pid, int generation, String after) implements Answer {

	private static final Pattern LINE = Pattern.compile("(.*?) ?pid=(\\d+) gen=(\\d+) ?(.*)");

	static LineAnswer parse(String line) throws IOException {
		Matcher matcher = LINE.matcher(line);
		if (!matcher.matches()) {
			throw new IOException("no line of a handler: " + line);
		}
		return new LineAnswer(matcher.group(1), Long.parseLong(matcher.group(2)), Integer.parseInt(matcher.group(3)),
				matcher.group(4));
	}

}
