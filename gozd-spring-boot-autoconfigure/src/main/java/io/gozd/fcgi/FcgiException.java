package io.gozd.fcgi;

import java.io.IOException;

/**
 * What a web server sends is not FastCGI: where the next record begins, or whose it is,
 * is not known any more, so nothing can be done but to close the connection.
 */
public final class FcgiException extends IOException {

	private static final long serialVersionUID = 1L;

	FcgiException(String message) {
		super(message);
	}

}
