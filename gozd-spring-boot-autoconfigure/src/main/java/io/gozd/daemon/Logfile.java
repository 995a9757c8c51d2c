package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.gozd.listener.TrustedPath;
import io.gozd.posix.Account;
import io.gozd.posix.Posix;
import io.gozd.posix.ProcessControl;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The file that stdout and stderr of the daemon go to. It is opened to append and by its
 * name: by each generation as it starts, and again at each reload by those that live, so
 * that a file that was moved away is left alone from then on. Thread safe.
 */
final class Logfile {

	private static final Log logger = LogFactory.getLog(Logfile.class);

	private static final int STDOUT = 1;

	private static final int STDERR = 2;

	private static final int NONE = -1;

	private final Path path;

	private final Supplier<ProcessControl> control;

	private final Supplier<Posix> posix;

	private int descriptor = NONE;

	/** Where stdout and stderr went before, if they are to be given back. */
	private final List<Integer> original = new ArrayList<>();

	Logfile(Path path, Supplier<ProcessControl> control, Supplier<Posix> posix) {
		this.path = path;
		this.control = control;
		this.posix = posix;
	}

	/**
	 * Open the file, and let output go where it goes.
	 * @param owner whom the file is to belong to, or null
	 * @throws DaemonException if it can't be opened
	 */
	synchronized void open(@Nullable Account owner) {
		try {
			this.descriptor = this.control.get().openLog(this.path, owner);
		}
		catch (IOException ex) {
			throw new DaemonException("gozd.logfile=" + this.path + " can't be opened: " + ex.getMessage(),
					"Name a file in a directory that exists and belongs to the daemon's user, which makes the file"
							+ " anew after each rotation");
		}
	}

	/**
	 * Keep where the output goes now, to go back there some day.
	 * @see #giveBack()
	 */
	synchronized void keepOriginal() {
		try {
			this.original.add(this.posix.get().duplicate(STDOUT));
			this.original.add(this.posix.get().duplicate(STDERR));
		}
		catch (IOException ex) {
			logger.warn("The output can't go back to where it went before gozd.logfile: " + ex.getMessage());
		}
	}

	/** Let the output go where it went at first, or nowhere if that was not kept. */
	synchronized void giveBack() {
		for (int output = STDOUT; output <= STDERR; output++) {
			try {
				if (this.original.size() == STDERR) {
					this.posix.get().duplicate(this.original.get(output - 1), output);
				}
				else {
					this.posix.get().discard(output);
				}
			}
			catch (IOException ex) {
				logger.warn("The output can't leave gozd.logfile=" + this.path + ": " + ex.getMessage());
			}
		}
	}

	/** From now on what this process prints goes to the file that was opened. */
	synchronized void take() {
		if (this.descriptor == NONE) {
			return;
		}
		try {
			this.posix.get().duplicate(this.descriptor, STDOUT);
			this.posix.get().duplicate(this.descriptor, STDERR);
		}
		catch (IOException ex) {
			logger.warn("The output can't go to gozd.logfile=" + this.path + ": " + ex.getMessage());
		}
		this.posix.get().close(this.descriptor);
		this.descriptor = NONE;
	}

	/** Go on in the file that has the name now. Where that can't be opened, as before. */
	synchronized void reopen() {
		try {
			this.descriptor = this.control.get().openLog(this.path, null);
		}
		catch (IOException ex) {
			logger.warn("gozd.logfile=" + this.path + " can't be opened anew: " + ex.getMessage()
					+ ". The output goes on to the file that is open");
			return;
		}
		take();
	}

	/** Whether root may open it by its name, for another user. */
	boolean isForRootToOpen() {
		try {
			return TrustedPath.isRootsAlone(this.path.toAbsolutePath().getParent());
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Say what will be wrong after a rotation, if anything. */
	void warn(String user) {
		Path directory = this.path.toAbsolutePath().getParent();
		if (Files.isRegularFile(this.path) && !Files.isWritable(directory)) {
			logger.warn("gozd.logfile=" + this.path + " can't be made anew by gozd.user=" + user
					+ ": where a rotation moves it away and does not make a new one, reloads will fail. Name a file in"
					+ " a directory of that user");
		}
	}

}
