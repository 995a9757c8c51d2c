package io.gozd.it;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request with a body that is sent with its length, or without.
 *
 * @param method its method
 * @param path its path with the query
 * @param headers what else is said of it
 * @param body what is sent with it, may be empty
 * @param chunked whether it is sent in chunks, so that nobody knows its length before its
 * end
 */
record WebRequest(String method, String path, Map<String, String> headers, byte[] body, boolean chunked) {

	static WebRequest of(String method, String path) {
		return new WebRequest(method, path, Map.of(), new byte[0], false);
	}

	static WebRequest get(String path) {
		return of("GET", path);
	}

	static WebRequest post(String path, String type, byte[] body) {
		return new WebRequest("POST", path, Map.of("Content-Type", type), body, false);
	}

	static WebRequest form(String path, String fields) {
		return post(path, "application/x-www-form-urlencoded", fields.getBytes(StandardCharsets.US_ASCII));
	}

	WebRequest inChunks() {
		return new WebRequest(this.method, this.path, this.headers, this.body, true);
	}

	WebRequest header(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(name, value);
		return new WebRequest(this.method, this.path, more, this.body, this.chunked);
	}

}
