package io.gozd.command;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.gozd.daemon.DaemonProcesses;
import io.gozd.daemon.GenerationProcess;
import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a reload and follows it to its end, from process to process: the one that is
 * asked may have no time for it, be replaced or die meanwhile.
 */
final class ReloadCommand {

	/** Longer than a daemon is silent that lives. */
	private static final int SILENCE_MILLIS = 20_000;

	private static final long BETWEEN_ATTEMPTS_MILLIS = 200;

	/** What is that often in a row not even said no to is no daemon of this release. */
	private static final int MOST_UNANSWERED = 50;

	/** An incumbent that comes back needs a moment. */
	private static final int MOST_LOOKS = 10;

	private final String name;

	private final DaemonProcesses processes;

	private final Duration limit;

	private final Console console;

	/** From this generation on a reload counts; 0 as long as none has been promised. */
	private int since;

	private String lastStep = "";

	private int unanswered;

	private int withoutIncumbent;

	private String problem = "";

	ReloadCommand(String name, DaemonProcesses processes, Duration limit, Console console) {
		this.name = name;
		this.processes = processes;
		this.limit = limit;
		this.console = console;
	}

	int run() throws IOException, InterruptedException {
		if (this.processes.all().isEmpty()) {
			return fail("it is not running");
		}
		long deadline = System.nanoTime() + this.limit.toNanos();
		while (millisUntil(deadline) > 0 && this.unanswered < MOST_UNANSWERED) {
			Optional<GenerationProcess> incumbent = this.processes.incumbent();
			if (incumbent.isPresent()) {
				Message end = ask(incumbent.get(), deadline);
				if (end != null) {
					return conclude(end, incumbent.get().generation());
				}
			}
			else if (this.processes.all().isEmpty()) {
				return fail("the daemon has ended meanwhile");
			}
			else if (this.processes.ends() && ++this.withoutIncumbent > MOST_LOOKS) {
				return fail("nobody has the daemon: what is left of it drains");
			}
			TimeUnit.MILLISECONDS.sleep(BETWEEN_ATTEMPTS_MILLIS);
		}
		return fail((this.unanswered < MOST_UNANSWERED) ? "nothing is decided after " + this.limit.toSeconds() + " s"
				: "the daemon does not answer (" + this.problem + ")");
	}

	/** The end of the reload, or null if another process is to be asked. */
	private @Nullable Message ask(GenerationProcess incumbent, long deadline) throws IOException {
		Message question = Message.of(Message.WATCH);
		if (this.since > 0) {
			question = question.with("generation", this.since);
		}
		try (MessageChannel channel = incumbent.ask(question, SILENCE_MILLIS)) {
			while (millisUntil(deadline) > 0) {
				channel.readTimeout(Timeout.millis(SILENCE_MILLIS, millisUntil(deadline)));
				Message answer = channel.receive();
				this.unanswered = 0;
				switch (answer.type()) {
					case Message.PROGRESS -> progress(answer);
					case Message.MOVED -> {
						this.since = (answer.field("generation") != null) ? answer.number("generation") : 0;
						return null;
					}
					case Message.BUSY -> {
						return null;
					}
					default -> {
						return answer;
					}
				}
			}
			return null;
		}
		catch (SocketTimeoutException ex) {
			if (millisUntil(deadline) > 0) {
				throw new IOException("Pid " + incumbent.pid() + " has the daemon and says nothing: it hangs."
						+ " gozd.command=kill ends it", ex);
			}
			return null;
		}
		catch (IOException ex) {
			// It has ended, or turned us away: whoever has the daemon now knows more.
			this.unanswered++;
			this.problem = String.valueOf(ex.getMessage());
			return null;
		}
	}

	private static long millisUntil(long deadline) {
		return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
	}

	private void progress(Message message) throws IOException {
		if (message.field("generation") != null) {
			this.since = message.number("generation");
		}
		String step = message.field("step");
		if (step != null && !step.equals(this.lastStep)) {
			this.lastStep = step;
			this.console.say(step);
		}
	}

	private int conclude(Message end, int incumbent) throws IOException {
		return switch (end.type()) {
			case Message.RELOADED -> reloaded(end.number("generation"));
			case Message.NOT_RELOADED -> fail(String.valueOf(end.field("reason")));
			default -> ofAnotherRelease(incumbent);
		};
	}

	/** That it has come to serve says enough, where the reload was promised before. */
	private int ofAnotherRelease(int incumbent) {
		if (this.since > 0 && incumbent > this.since) {
			return reloaded(incumbent);
		}
		return fail("the daemon is of a release that does not tell how a reload goes. " + ((this.since > 0)
				? "One was promised before: gozd.command=status says which generation serves" : "Use kill -HUP"));
	}

	private int reloaded(int generation) {
		this.console.result(new Json().with("name", this.name).with("reloaded", true).with("generation", generation),
				this.name + " is reloaded: generation " + generation + " has it");
		return ExitCode.DONE;
	}

	private int fail(String reason) {
		this.console.fail(new Json().with("name", this.name).with("reloaded", false), reason,
				this.name + " is not reloaded: " + reason);
		return ExitCode.FAILED;
	}

}
