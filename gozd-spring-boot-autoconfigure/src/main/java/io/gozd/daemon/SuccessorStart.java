package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

import io.gozd.handover.Message;
import io.gozd.posix.NativePosix;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Starts a successor, once it is known that this can work.
 */
final class SuccessorStart {

	private static final Log logger = LogFactory.getLog(SuccessorStart.class);

	private final int maxGenerations;

	private final boolean stays;

	private final DaemonFiles files;

	private final CommandLine commandLine;

	private final Supplier<Posix> posix;

	private final Application application;

	private final Faults faults;

	/**
	 * Create a start.
	 * @param stays whether this process stays when its drain is over, and its successor
	 * with it
	 */
	SuccessorStart(int maxGenerations, boolean stays, DaemonFiles files, CommandLine commandLine, Supplier<Posix> posix,
			Application application, Faults faults) {
		this.maxGenerations = maxGenerations;
		this.stays = stays;
		this.files = files;
		this.commandLine = commandLine;
		this.posix = posix;
		this.application = application;
		this.faults = faults;
	}

	/**
	 * Start the process.
	 * @return the attempt, whose process is owned by the caller
	 * @throws IOException if a reload can't work, with a reason for people
	 */
	Attempt start() throws IOException {
		reopenLogfiles();
		String obstacle = this.application.obstacle();
		if (!obstacle.isEmpty()) {
			throw new IOException(obstacle);
		}
		SuccessorChecks.check(this.commandLine, NativePosix.isLoaded(), this.stays);
		int generation = generation();
		makeRoom();
		SuccessorCommand command = SuccessorCommand.of(this.commandLine.arguments(), System::getenv, generation);
		command.notes().forEach(logger::warn);
		HandoverAddress address = new HandoverAddress(this.files.pid(), generation, this.files.socket());
		return new Attempt(SuccessorProcess.start(command, this.commandLine, address), this.faults);
	}

	/** The number that the successor has. */
	int generation() {
		return this.files.generation() + 1;
	}

	/**
	 * Whatever becomes of the reload: who has moved the log file away wants nobody to
	 * write to it any more.
	 */
	private void reopenLogfiles() throws IOException {
		if (this.files.logfile() == null) {
			return;
		}
		this.files.reopenLogfile();
		for (Path socket : this.files.others()) {
			try {
				ControlClient.tell(this.posix.get(), socket, Message.of(Message.REOPEN));
			}
			catch (IOException ex) {
				logger.debug("A generation that drains does not open its log file anew", ex);
			}
		}
	}

	/** End the oldest drains at once, where there would be too many generations. */
	private void makeRoom() throws IOException {
		if (!Files.exists(this.files.socket())) {
			throw new IOException("The control socket " + this.files.socket() + " is gone (removed at a logout, or by a"
					+ " cleaner of temporary files?): restart the daemon, with gozd.run-directory at a place that stays");
		}
		List<Path> others = this.files.others();
		int tooMany = others.size() + 2 - this.maxGenerations;
		for (Path socket : others.subList(0, Math.max(0, Math.min(tooMany, others.size())))) {
			logger.warn("More than gozd.reload.max-generations=" + this.maxGenerations + " processes: the oldest, "
					+ socket.getFileName() + ", ends at once");
			try {
				ControlClient.tell(this.posix.get(), socket, Message.of(Message.END));
			}
			catch (IOException ex) {
				logger.debug("It has ended already", ex);
			}
		}
	}

}
