package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The files of the daemon as this generation has them.
 *
 * @param directory the run directory
 * @param pidfile a pid file elsewhere, or null
 * @param logfile where stdout and stderr go, or null for where they went when it started
 * @param generation the number of this generation
 * @param pid this process
 */
record DaemonFiles(RunDirectory directory, @Nullable Path pidfile, @Nullable Logfile logfile, int generation,
		long pid) {

	private static final Log logger = LogFactory.getLog(DaemonFiles.class);

	/** Make this process the one that the files name. */
	void take() {
		try {
			this.directory.take(this.generation, this.pid);
		}
		catch (IOException ex) {
			logger.error("The run directory " + this.directory.path() + " can't name this process: commands and"
					+ " kill by pid file do not find it", ex);
		}
		if (this.pidfile != null) {
			try {
				PidFile.write(this.pidfile, this.pid);
			}
			catch (IOException ex) {
				logger.error("gozd.pidfile " + this.pidfile + " can't be written", ex);
			}
		}
	}

	/** Open the log file anew, if there is one. */
	void reopenLogfile() {
		if (this.logfile != null) {
			this.logfile.reopen();
		}
	}

	/** Remove what names this process. */
	void leave() {
		try {
			this.directory.leave(this.generation, this.pid);
			if (this.pidfile != null) {
				PidFile.remove(this.pidfile, this.pid);
			}
		}
		catch (IOException ex) {
			logger.warn("Files of this process are left in " + this.directory.path(), ex);
		}
	}

	/** Whether commands find this process, so that there is nobody to pass them on to. */
	boolean nameThisProcess() {
		return this.directory.owner().equals(Optional.of(Long.toString(this.pid)));
	}

	/** The control socket of this generation. */
	Path socket() {
		return this.directory.socket(this.generation, this.pid);
	}

	/** The control sockets of the other generations that live, the oldest first. */
	List<Path> others() throws IOException {
		return this.directory.living(this.generation, this.pid);
	}

}
