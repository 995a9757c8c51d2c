package io.gozd.tomcat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What a web server was answered.
 *
 * @param output the stream of the response, head and body
 * @param errors the stream for the log
 * @param end the status of the record that ended the request, or -1 if the connection
 * ended before
 */
record FcgiAnswer(byte[] output, String errors, int end) {

	private static final String BLANK_LINE = "\r\n\r\n";

	String head() {
		String text = new String(this.output, StandardCharsets.ISO_8859_1);
		int end = text.indexOf(BLANK_LINE);
		return (end != -1) ? text.substring(0, end) : text;
	}

	byte[] bytes() {
		int from = head().length() + BLANK_LINE.length();
		return (from <= this.output.length) ? Arrays.copyOfRange(this.output, from, this.output.length) : new byte[0];
	}

	String body() {
		return new String(bytes(), StandardCharsets.UTF_8);
	}

	String status() {
		return headers("Status").stream().findFirst().orElse("none");
	}

	List<String> headers(String name) {
		return head().lines()
			.filter((line) -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
			.map((line) -> line.substring(name.length() + 1).strip())
			.toList();
	}

}
