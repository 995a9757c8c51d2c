package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.gozd.listener.FileOwner;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of a daemon will be that becomes another user.
 *
 * @param runDirectory the run directory; null if there is one already, the incumbent's
 * @param chosen whether that is configured: else the daemon may have another one
 * @param name the name of the daemon, if that is chosen, which only one may have, or null
 * @param pidfile a pid file elsewhere, or null
 */
record DaemonPaths(@Nullable Path runDirectory, boolean chosen, @Nullable String name, @Nullable Path pidfile) {

	private static final Log logger = LogFactory.getLog(DaemonPaths.class);

	/** Make the run directory, as that user's own. */
	void giveTo(FileOwner owner) {
		if (this.runDirectory == null) {
			return;
		}
		try {
			RunDirectory.give(this.runDirectory, owner);
		}
		catch (IOException ex) {
			if (this.name != null) {
				new RunDirectory(this.runDirectory, false).checkFree(this.name);
			}
			if (!this.chosen) {
				// It is found out again, and told, when the daemon looks for a place.
				logger.debug("No run directory at " + this.runDirectory, ex);
				return;
			}
			throw new DaemonException(
					"The run directory " + this.runDirectory + " can't be given to gozd.user: " + ex.getMessage(),
					"Remove it, or name another one with gozd.run-directory");
		}
	}

	/** See that this process, which is that user now, can keep its files up to date. */
	void check(String user) {
		if (this.pidfile != null) {
			Path directory = this.pidfile.toAbsolutePath().getParent();
			if (directory == null || !Files.isWritable(directory)) {
				throw new DaemonException(
						"gozd.pidfile=" + this.pidfile + " can't be written by gozd.user=" + user
								+ ": each generation makes it anew, in a directory of that user",
						"Use the file pid in the run directory, or name one in a directory of that user");
			}
		}
	}

}
