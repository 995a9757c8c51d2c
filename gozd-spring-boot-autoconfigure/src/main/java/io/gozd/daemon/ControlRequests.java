package io.gozd.daemon;

import java.io.IOException;

import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.posix.PeerCredentials;

/**
 * What is asked of this process over its control socket, each in the thread of its
 * connection.
 */
final class ControlRequests implements ControlSocket.Conversation {

	private static final int GREETING_TIMEOUT_MILLIS = 5000;

	private final SuccessorDialogue successor;

	private final Runnable reload;

	private final Runnable endDrain;

	ControlRequests(SuccessorDialogue successor, Runnable reload, Runnable endDrain) {
		this.successor = successor;
		this.reload = reload;
		this.endDrain = endDrain;
	}

	@Override
	public void with(PeerCredentials peer, MessageChannel channel) throws IOException {
		channel.readTimeout(GREETING_TIMEOUT_MILLIS);
		Message message = channel.receive();
		switch (message.type()) {
			case Message.HELLO -> this.successor.read(message, peer.pid(), channel);
			case Message.RELOAD -> this.reload.run();
			case Message.END -> this.endDrain.run();
			default -> channel.send(Message.of(Message.REFUSED, "This release does not know what that means"));
		}
	}

}
