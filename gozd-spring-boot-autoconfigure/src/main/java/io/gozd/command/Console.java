package io.gozd.command;

import java.io.PrintStream;
import java.util.List;

/**
 * Where a command prints: what was asked for and how far it is, and what went wrong.
 *
 * @param output the standard output, of JSON alone where that is asked for
 * @param errors the standard error
 * @param json whether the output is for programs
 */
public record Console(PrintStream output, PrintStream errors, boolean json) {

	/** Say something to people; nobody else is told. */
	void say(String text) {
		if (!this.json) {
			this.output.println(printable(text));
		}
	}

	/** Print the result: one line for programs, or some for people. */
	void result(Json json, String text) {
		this.output.println(this.json ? json.toString() : printable(text));
	}

	void fail(String text) {
		this.errors.println(printable(text));
	}

	/** Why there is no other result: in the object that programs read as well. */
	void fail(Json json, String reason, String text) {
		fail(text);
		if (this.json) {
			this.output.println(json.with("reason", reason));
		}
	}

	void quote(List<String> lines) {
		lines.forEach((line) -> this.errors.println("  | " + printable(line)));
	}

	/** What a daemon of another user says must not reach a terminal as it is. */
	private static String printable(String text) {
		return text.codePoints()
			.map((each) -> (Character.isISOControl(each) && each != '\n' && each != '\t') ? '?' : each)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

}
