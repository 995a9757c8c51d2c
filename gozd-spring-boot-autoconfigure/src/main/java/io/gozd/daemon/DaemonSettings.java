package io.gozd.daemon;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What the configuration says of the daemon.
 *
 * @param name its name
 * @param named whether somebody has chosen the name for this daemon alone
 * @param runDirectory where its files are, or null for a place that suits the user
 * @param pidfile a pid file beside the one in the run directory
 * @param exitTimeout how long a drain may take
 * @param reloadTimeout how long a successor may take to be ready
 * @param probation how long an incumbent may come back
 * @param maxGenerations how many processes the daemon may have at once
 */
public record DaemonSettings(String name, boolean named, @Nullable Path runDirectory, @Nullable Path pidfile,
		Duration exitTimeout, Duration reloadTimeout, Duration probation, int maxGenerations) {

	/** The same daemon at a place that it must have. */
	DaemonSettings at(Path runDirectory) {
		return new DaemonSettings(this.name, true, runDirectory, this.pidfile, this.exitTimeout, this.reloadTimeout,
				this.probation, this.maxGenerations);
	}

}
