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

	private final ReloadRequests reloads;

	private final GenerationStatus status;

	private final Runnable reload;

	private final Runnable terminate;

	private final Runnable endDrain;

	ControlRequests(SuccessorDialogue successor, ReloadRequests reloads, GenerationStatus status, Runnable reload,
			Runnable terminate, Runnable endDrain) {
		this.successor = successor;
		this.reloads = reloads;
		this.status = status;
		this.reload = reload;
		this.terminate = terminate;
		this.endDrain = endDrain;
	}

	@Override
	public void with(PeerCredentials peer, MessageChannel channel) throws IOException {
		channel.readTimeout(GREETING_TIMEOUT_MILLIS);
		Message message = channel.receive();
		switch (message.type()) {
			case Message.HELLO -> this.successor.read(message, peer.pid(), channel);
			case Message.RELOAD -> this.reload.run();
			case Message.WATCH -> this.reloads.answer(message, channel);
			case Message.STATUS -> channel.send(this.status.describe());
			case Message.TERMINATE -> {
				try {
					channel.send(Message.of(Message.TERMINATE));
				}
				finally {
					this.terminate.run();
				}
			}
			case Message.END -> this.endDrain.run();
			default -> channel.send(Message.of(Message.REFUSED, "This release does not know what that means"));
		}
	}

}
