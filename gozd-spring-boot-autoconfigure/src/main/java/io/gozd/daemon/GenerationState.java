package io.gozd.daemon;

import java.time.Instant;

import io.gozd.handover.Incumbent;
import io.gozd.handover.Message;
import io.gozd.handover.Successor;
import org.jspecify.annotations.Nullable;

/**
 * Where this generation stands, and how its last reload ended, as it tells those who ask.
 * Used in the {@link Loop} alone.
 */
final class GenerationState {

	private final Tenure tenure;

	private final Reloads reloads;

	private final Incumbent incumbent;

	private final @Nullable SuccessorRole successor;

	private final Ending ending;

	GenerationState(Tenure tenure, Reloads reloads, Incumbent incumbent, @Nullable SuccessorRole successor,
			Ending ending) {
		this.tenure = tenure;
		this.reloads = reloads;
		this.incumbent = incumbent;
		this.successor = successor;
		this.ending = ending;
	}

	Message addTo(Message status) {
		Message more = status.with("state", state());
		more = with(more, "since", this.tenure.since());
		more = with(more, "drain-deadline", this.ending.deadline());
		return withReload(more);
	}

	private static Message with(Message message, String field, @Nullable Instant value) {
		return (value != null) ? message.with(field, value) : message;
	}

	private String state() {
		if (this.tenure.hasBegun()) {
			return switch (this.incumbent.state()) {
				case SERVING -> "serving";
				case RELOADING, COMMITTING, KILLING -> "reloading";
				case PROBATION, RELEASED -> "draining";
				case TERMINATING -> "stopping";
			};
		}
		Successor.State state = (this.successor != null) ? this.successor.machine().state() : Successor.State.STARTING;
		return switch (state) {
			case STARTING, PREPARED -> "starting";
			case PROBATION, OWNER -> "serving";
			case ENDED -> "stopping";
		};
	}

	private Message withReload(Message status) {
		Instant begun = this.reloads.begun();
		Reloads.Outcome last = this.reloads.last();
		if (begun != null) {
			return status.with("reload", "running").with("reload-at", begun);
		}
		if (last != null) {
			return status.with("reload", last.succeeded() ? "succeeded" : "failed")
				.with("reload-at", last.at())
				.with("reload-reason", last.reason());
		}
		Instant since = this.tenure.since();
		// A reload that succeeded is how this process came to serve.
		return (this.successor != null && since != null)
				? status.with("reload", "succeeded").with("reload-at", since).with("reload-reason", "") : status;
	}

}
