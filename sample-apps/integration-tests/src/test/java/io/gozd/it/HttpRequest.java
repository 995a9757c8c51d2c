package io.gozd.it;

/**
 * A request.
 *
 * @param method its method
 * @param path its path
 * @param keepAlive whether the connection is to be kept
 */
record HttpRequest(String method, String path, boolean keepAlive) {

	static HttpRequest get(String path) {
		return new HttpRequest("GET", path, true);
	}

	HttpRequest onFreshConnection() {
		return new HttpRequest(this.method, this.path, false);
	}

	String text() {
		String body = this.method.equals("POST") ? "x=1" : "";
		return this.method + " " + this.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
				+ (this.keepAlive ? "" : "Connection: close\r\n")
				+ (body.isEmpty() ? "" : "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
						+ body.length() + "\r\n")
				+ "\r\n" + body;
	}

}
