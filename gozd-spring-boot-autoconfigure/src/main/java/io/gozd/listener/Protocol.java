package io.gozd.listener;

/** What is spoken on a listener. */
public enum Protocol {

	/** Bytes, which a handler of the application understands. */
	TCP,

	/** HTTP/1.1, and HTTP/2 without TLS where that is enabled. */
	HTTP,

	/** HTTP through TLS. */
	HTTPS,

	/** FastCGI, through which web servers forward requests of HTTP. */
	FCGI;

	/**
	 * Return whether the web server of the application serves it.
	 * @return whether it carries requests of HTTP in any form
	 */
	public boolean isWeb() {
		return this != TCP;
	}

}
