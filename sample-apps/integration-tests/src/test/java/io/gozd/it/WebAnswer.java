package io.gozd.it;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * An answer whose headers have come, and whose body comes as it is read.
 *
 * @param status its status code
 * @param headers its headers, each name with all its values, in any case
 * @param stream its body
 */
record WebAnswer(int status, Map<String, List<String>> headers, InputStream stream) implements Closeable {

	/**
	 * All values of a header.
	 */
	List<String> header(String name) {
		return this.headers.entrySet()
			.stream()
			.filter((header) -> header.getKey().equalsIgnoreCase(name))
			.flatMap((header) -> header.getValue().stream())
			.toList();
	}

	/**
	 * The rest of the body.
	 */
	byte[] bytes() throws IOException {
		try (InputStream in = this.stream) {
			return in.readAllBytes();
		}
	}

	String text() throws IOException {
		return new String(bytes(), StandardCharsets.UTF_8);
	}

	@Override
	public void close() throws IOException {
		this.stream.close();
	}

}
