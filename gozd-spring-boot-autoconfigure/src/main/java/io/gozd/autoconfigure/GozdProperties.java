package io.gozd.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the daemon.
 *
 * @param command What this process does: run the daemon, or start, stop, reload, reopen,
 * kill or status of one.
 * @param format Format of what a command prints: text or json.
 * @param commandTimeout Time after which a command gives up. Defaults to a time that
 * suits the command: gozd.reload.timeout to start, gozd.exit-timeout and a little more to
 * stop.
 * @param enabled Whether this process is a daemon that can be replaced while it serves.
 * @param name Name of the daemon. Defaults to spring.application.name, or to the name of
 * the jar.
 * @param runDirectory Directory of the daemon's control socket, lock and pid file, which
 * belongs to it alone. Defaults to a place private to the user, found by the name.
 * @param pidfile File that holds the pid of the process that has the daemon.
 * @param logfile File that stdout and stderr of the daemon are appended to, opened anew
 * by each generation and at each reload. Defaults to where they went when it was started.
 * @param user User to run as, by name or number, once the listeners are open. Defaults to
 * the user that starts it.
 * @param group Primary group to run as, by name or number. Defaults to that of the user.
 * @param maxFds How many files may be open.
 * @param resident Whether the first process stays, as a small one, until the daemon ends.
 * Defaults to true for pid 1 alone.
 * @param exitTimeout Time after which a generation that drains closes the connections
 * that are left.
 * @param reload How a generation is replaced.
 * @param drain How a generation ends what would have no end of its own.
 */
@ConfigurationProperties("gozd")
public record GozdProperties(@DefaultValue("run") String command, @DefaultValue("text") String format,
		@Nullable Duration commandTimeout, @DefaultValue("true") boolean enabled, @Nullable String name,
		@Nullable Path runDirectory, @Nullable Path pidfile, @Nullable Path logfile, @Nullable String user,
		@Nullable String group, @DefaultValue MaxFds maxFds, @Nullable Boolean resident,
		@DefaultValue("15m") Duration exitTimeout, @DefaultValue Reload reload, @DefaultValue Drain drain) {

	/**
	 * How a generation is replaced.
	 *
	 * @param signals Signals that mean a reload: HUP, and USR2 where the JVM gives it up.
	 * @param timeout Time that a successor may take until it is ready.
	 * @param probation Time for which the incumbent comes back should its successor die.
	 * @param maxGenerations Number of processes that the daemon may have at once: past
	 * it, the oldest drain ends at once.
	 */
	public record Reload(@DefaultValue("HUP") Set<String> signals, @DefaultValue("2m") Duration timeout,
			@DefaultValue("5s") Duration probation, @DefaultValue("3") int maxGenerations) {

	}

	/**
	 * How a generation ends what would have no end of its own.
	 *
	 * @param websocketTimeout Time after which a drain closes WebSockets with 1001, going
	 * away.
	 * @param sseTimeout Time after which a drain ends streams of server-sent events,
	 * between two events.
	 */
	public record Drain(@DefaultValue("30s") Duration websocketTimeout, @DefaultValue("30s") Duration sseTimeout) {

	}

	/**
	 * How many files may be open.
	 *
	 * @param soft Limit that counts. Defaults to the hard limit, where that is set.
	 * @param hard Limit up to which the process may raise it, which needs root to be
	 * higher than before. Defaults to that of the process.
	 */
	public record MaxFds(@Nullable Long soft, @Nullable Long hard) {
	}

}
