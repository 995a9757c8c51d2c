package io.gozd.listener;

import java.io.IOException;

/**
 * A listener can't keep newcomers out, because it goes on when the daemon ends: whoever
 * comes then waits for the next one.
 */
public final class SupervisedException extends IOException {

	private static final long serialVersionUID = 1L;

	SupervisedException(ListenerKey key) {
		super(key + " belongs to the service manager");
	}

}
