package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A unit of docs/systemd.
 */
enum SupervisedUnit {

	NOTIFY("notify.service", 0),

	/**
	 * Its type is known to newer releases only, and tells nobody that a reload failed.
	 */
	NOTIFY_RELOAD("notify-reload.service", 253),

	FORKING("forking.service", 0),

	/** Its listener is opened by systemd. */
	ACTIVATED("notify.service", 0),

	/** Its main process stays the same. */
	RESIDENT("resident.service", 0);

	private static final Path FOLDER = Path.of("..", "..", "docs", "systemd");

	private static final String SOCKET = "my-app.socket";

	private static final String JAVA = "/usr/bin/java";

	private static final String ADDRESS = "ListenStream=0.0.0.0:80";

	private final String file;

	private final int since;

	SupervisedUnit(String file, int since) {
		this.file = file;
		this.since = since;
	}

	/**
	 * Which release of systemd it needs.
	 */
	int since() {
		return this.since;
	}

	boolean keepsMainProcess() {
		return this == RESIDENT;
	}

	boolean tellsFailure() {
		return this != NOTIFY_RELOAD;
	}

	/**
	 * Whether systemd waits for the daemon to serve.
	 */
	boolean tellsStart() {
		return this != RESIDENT;
	}

	/**
	 * The unit of the service as it stands there, with another Java.
	 */
	String service(String java) throws IOException {
		return replace(Files.readString(FOLDER.resolve(this.file)), JAVA, java);
	}

	/**
	 * The unit of the socket, with another address.
	 */
	static String socket(Endpoint endpoint) throws IOException {
		return replace(Files.readString(FOLDER.resolve(SOCKET)), ADDRESS,
				"ListenStream=" + endpoint.host() + ":" + endpoint.port());
	}

	private static String replace(String text, String old, String replacement) {
		if (!text.contains(old)) {
			throw new AssertionError(old + " is missing in\n" + text);
		}
		return text.replace(old, replacement);
	}

}
