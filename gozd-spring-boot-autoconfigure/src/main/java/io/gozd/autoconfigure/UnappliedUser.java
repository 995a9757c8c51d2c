package io.gozd.autoconfigure;

import java.io.IOException;
import java.util.Set;

import io.gozd.daemon.DaemonException;
import io.gozd.posix.ProcessFile;

import org.springframework.core.env.Environment;

/**
 * Keeps an application from running as root that is configured to be another user, where
 * the starter stands aside: a line of the log would not be noticed.
 *
 * @param reason why it stands aside
 * @param root whether this process is root
 */
record UnappliedUser(String reason, boolean root) {

	private static final Set<String> ROOT = Set.of("root", "0");

	static UnappliedUser of(StandAside aside) {
		return new UnappliedUser(aside.reason(), isRoot());
	}

	private static boolean isRoot() {
		try {
			return ProcessFile.self().effectiveUser() == 0;
		}
		catch (IOException ex) {
			// No /proc: the JDK asks the C library.
			return "root".equals(System.getProperty("user.name"));
		}
	}

	/** Fail where root was to become another user. */
	void check(Environment environment) {
		String user = environment.getProperty("gozd.user", "").strip();
		if (this.root && !user.isEmpty() && !ROOT.contains(user)
				&& environment.getProperty("gozd.enabled", Boolean.class, true)) {
			throw new DaemonException(
					"gozd.user=" + user + " can't be applied, and this process is root: " + this.reason,
					"Start the application as that user, run it from its jar with java -jar, or remove gozd.user");
		}
	}

}
