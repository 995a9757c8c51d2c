package io.gozd.daemon;

import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;

import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.posix.PeerCredentials;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of this process over its control socket, each in the thread of its
 * connection.
 */
final class ControlRequests implements ControlSocket.Conversation {

	private static final int GREETING_TIMEOUT_MILLIS = 5000;

	private static final Set<String> SIGNALS = Set.of("TERM", "INT", "HUP");

	private final SuccessorDialogue successor;

	private final ReloadRequests reloads;

	private final GenerationStatus status;

	private final Runnable reload;

	private final Runnable terminate;

	private final Runnable endDrain;

	private final Runnable reopen;

	private final Consumer<String> signal;

	ControlRequests(SuccessorDialogue successor, ReloadRequests reloads, GenerationStatus status, Runnable reload,
			Runnable terminate, Runnable endDrain, Runnable reopen, Consumer<String> signal) {
		this.successor = successor;
		this.reloads = reloads;
		this.status = status;
		this.reload = reload;
		this.terminate = terminate;
		this.endDrain = endDrain;
		this.reopen = reopen;
		this.signal = signal;
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
			case Message.REOPEN -> this.reopen.run();
			case Message.SIGNAL -> signal(message.field("name"));
			default -> channel.send(Message.of(Message.REFUSED, "This release does not know what that means"));
		}
	}

	private void signal(@Nullable String name) {
		if (name != null && SIGNALS.contains(name)) {
			this.signal.accept(name);
		}
	}

}
