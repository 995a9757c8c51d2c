package tryswap;

import java.nio.charset.StandardCharsets;

/**
 * A request as it goes over the wire.
 *
 * @param bytes head and body
 * @param keepAlive whether the connection may stay open after the answer
 */
record Request(byte[] bytes, boolean keepAlive) {

	static Request get(boolean keepAlive) {
		return of("GET", keepAlive, "");
	}

	static Request post(boolean keepAlive) {
		return of("POST", keepAlive, "x=1");
	}

	private static Request of(String method, boolean keepAlive, String body) {
		String head = method + " / HTTP/1.1\r\nHost: localhost\r\n" + (keepAlive ? "" : "Connection: close\r\n")
				+ (body.isEmpty() ? "" : "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
						+ body.length() + "\r\n");
		return new Request((head + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1), keepAlive);
	}

}
