package io.gozd.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

import io.gozd.handover.Incumbent;
import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import org.jspecify.annotations.Nullable;

/**
 * Answers those who ask for a reload and wait for its end. Who asks again, because the
 * daemon has become another process's meanwhile, says from which generation on a reload
 * counts for it: so each gets one reload, and the answer of that one.
 */
final class ReloadRequests {

	/** Fewer than may talk at once: the state of the daemon can always be asked for. */
	private static final int MOST_WATCHERS = 12;

	private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

	private final Reloads reloads;

	private final Tenure tenure;

	private final Incumbent incumbent;

	private final @Nullable SuccessorRole successor;

	private final Loop loop;

	private final Semaphore places = new Semaphore(MOST_WATCHERS);

	ReloadRequests(Reloads reloads, Tenure tenure, Incumbent incumbent, @Nullable SuccessorRole successor, Loop loop) {
		this.reloads = reloads;
		this.tenure = tenure;
		this.incumbent = incumbent;
		this.successor = successor;
		this.loop = loop;
	}

	/**
	 * Reload and say how it goes, until it has ended; in the thread of the connection.
	 * @param request what was asked
	 * @param channel where the answers go
	 * @throws IOException if nobody takes them any more
	 */
	void answer(Message request, MessageChannel channel) throws IOException {
		if (!this.places.tryAcquire()) {
			channel.send(Message.of(Message.BUSY, "Too many wait for a reload"));
			return;
		}
		Watcher watcher = new Watcher();
		try {
			int since = (request.field("generation") != null) ? request.number("generation") : 0;
			this.loop.execute(() -> watch(watcher, since));
			tell(watcher, channel);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			watcher.leave();
			this.loop.execute(() -> this.reloads.forget(watcher));
			this.places.release();
		}
	}

	private void tell(Watcher watcher, MessageChannel channel) throws IOException, InterruptedException {
		Message message = Message.of(Message.PROGRESS);
		boolean silent = false;
		while (message.type().equals(Message.PROGRESS)) {
			Message next = watcher.next(SIGN_OF_LIFE);
			if (next != null) {
				message = next;
				channel.send(message);
			}
			else if (silent) {
				throw new IOException("The daemon does not react");
			}
			else {
				// Through the thread that decides: so that it is a sign of its life.
				this.loop.execute(() -> watcher.tell(Message.of(Message.PROGRESS)));
			}
			silent = next == null;
		}
	}

	private void watch(Watcher watcher, int since) {
		if (watcher.isGone()) {
			// It came back meanwhile: the second one counts.
			return;
		}
		if (since > 0 && since < this.reloads.generation()) {
			this.reloads.awaitArrival(watcher);
			if (this.tenure.hasBegun()) {
				this.reloads.arrived();
			}
		}
		else if (since != this.reloads.generation() || !this.reloads.join(watcher)) {
			reload(watcher);
		}
	}

	private void reload(Watcher watcher) {
		if (this.incumbent.state() == Incumbent.State.RELEASED) {
			watcher.tell(Message.of(Message.MOVED));
			return;
		}
		this.reloads.awaitNext(watcher);
		this.tenure.reload(this.successor);
		this.reloads.explain(watcher, this.tenure.hasBegun() ? "Another reload goes on: this one follows it"
				: "The application starts still: the reload follows");
	}

}
