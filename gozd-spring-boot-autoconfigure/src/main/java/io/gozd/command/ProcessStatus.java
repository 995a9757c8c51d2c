package io.gozd.command;

import java.io.IOException;
import java.util.List;

import io.gozd.daemon.GenerationProcess;
import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import org.jspecify.annotations.Nullable;

/**
 * How one process of a daemon is, as it says itself.
 *
 * @param generation its number
 * @param pid its pid
 * @param state where it stands, {@code unknown} where it does not tell
 * @param version the version of its jar, or null
 * @param since when it began to serve, or null
 * @param drainDeadline when it closes what is left, or null if it does not drain
 * @param listeners its listeners
 * @param reload how the last reload ended, or null if there was none
 * @param reloadAt when
 * @param reloadReason why it failed, or an empty text
 */
record ProcessStatus(int generation, long pid, String state, @Nullable String version, @Nullable String since,
		@Nullable String drainDeadline, List<ListenerStatus> listeners, @Nullable String reload,
		@Nullable String reloadAt, String reloadReason) {

	private static final String UNKNOWN = "unknown";

	/**
	 * Ask a process.
	 * @param timeoutMillis how long it may be silent
	 * @throws IOException if it can't be asked, or does not answer
	 */
	static ProcessStatus ask(GenerationProcess process, int timeoutMillis) throws IOException {
		try (MessageChannel channel = process.ask(Message.of(Message.STATUS), timeoutMillis)) {
			return of(process, channel.receive());
		}
	}

	/**
	 * What a process says; one of another release may know less, or not what is asked.
	 */
	static ProcessStatus of(GenerationProcess process, Message answer) throws IOException {
		String state = answer.type().equals(Message.STATUS) ? answer.field("state") : null;
		String version = answer.field("version");
		String reason = answer.field("reload-reason");
		return new ProcessStatus(process.generation(), process.pid(), (state != null) ? state : UNKNOWN,
				(version != null && !version.isEmpty()) ? version : null, answer.field("since"),
				answer.field("drain-deadline"), ListenerStatus.of(answer), answer.field("reload"),
				answer.field("reload-at"), (reason != null) ? reason : "");
	}

	long open() {
		return this.listeners.stream().mapToLong(ListenerStatus::open).sum();
	}

	boolean drains() {
		return this.drainDeadline != null;
	}

	boolean isUnknown() {
		return this.state.equals(UNKNOWN) || this.state.equals("hanging");
	}

	Json addTo(Json json) {
		json.with("generation", this.generation)
			.with("pid", this.pid)
			.with("state", this.state)
			.with("version", this.version)
			.with("since", this.since);
		if (drains()) {
			json.with("drain", new Json().with("connections", open()).with("deadline", this.drainDeadline));
		}
		return json.with("listeners", this.listeners.stream().map(ListenerStatus::json).toList());
	}

	String text() {
		StringBuilder text = new StringBuilder(
				"generation " + this.generation + " (pid " + this.pid + "): " + this.state);
		if (this.version != null) {
			text.append(", version ").append(this.version);
		}
		if (this.since != null) {
			text.append(", since ").append(this.since);
		}
		if (drains()) {
			text.append(", waits for ").append(open()).append(" connections until ").append(this.drainDeadline);
		}
		this.listeners.forEach((listener) -> text.append('\n').append(listener.text()));
		return text.toString();
	}

}
