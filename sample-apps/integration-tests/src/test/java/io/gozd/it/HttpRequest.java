package io.gozd.it;

/**
 * A request.
 *
 * @param method its method
 * @param path its path
 * @param keepAlive whether the connection is to be kept
 * @param body the fields of a form, or nothing
 */
record HttpRequest(String method, String path, boolean keepAlive, String body) {

	HttpRequest(String method, String path, boolean keepAlive) {
		this(method, path, keepAlive, method.equals("POST") ? "x=1" : "");
	}

	static HttpRequest get(String path) {
		return new HttpRequest("GET", path, true);
	}

	HttpRequest onFreshConnection() {
		return new HttpRequest(this.method, this.path, false, this.body);
	}

	String text() {
		return this.method + " " + this.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
				+ (this.keepAlive ? "" : "Connection: close\r\n")
				+ (this.body.isEmpty() ? "" : "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
						+ this.body.length() + "\r\n")
				+ "\r\n" + this.body;
	}

}
