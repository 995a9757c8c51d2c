package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Path;

import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.posix.Posix;

/**
 * Tells another generation something.
 */
final class ControlClient {

	private static final int TIMEOUT_MILLIS = 2000;

	private ControlClient() {
	}

	static void tell(Posix posix, Path socket, Message message) throws IOException {
		try (MessageChannel channel = new MessageChannel(posix.connect(socket), 0, posix::close)) {
			channel.readTimeout(TIMEOUT_MILLIS);
			channel.send(message);
		}
	}

}
