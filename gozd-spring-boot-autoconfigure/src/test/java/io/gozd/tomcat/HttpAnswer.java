package io.gozd.tomcat;

import java.util.List;

/**
 * What a server said.
 *
 * @param head the status line and the header, as they came
 * @param body the body, with its chunks
 */
public record HttpAnswer(String head, String body) {

	public List<String> headers(String name) {
		return this.head.lines()
			.filter((line) -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
			.map((line) -> line.substring(name.length() + 1).trim())
			.toList();
	}

	public String status() {
		return this.head.split(" ")[1];
	}

}
