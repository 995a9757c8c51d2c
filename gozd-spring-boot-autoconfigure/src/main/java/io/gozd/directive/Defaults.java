package io.gozd.directive;

import org.springframework.core.env.PropertyResolver;

/**
 * What counts where a directive does not say it.
 *
 * @param backlog how many connections may wait to be accepted, as many as with Tomcat's
 * own connector
 * @param maxConnections how many connections of raw TCP may be open at once: each has a
 * thread, so there are more where threads are virtual
 */
record Defaults(int backlog, int maxConnections) {

	private static final int BACKLOG = 100;

	private static final int PLATFORM_THREADS = 200;

	/** As many as Tomcat takes. */
	private static final int VIRTUAL_THREADS = 8192;

	private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

	static Defaults of(PropertyResolver environment) {
		boolean virtual = "true".equalsIgnoreCase(text(environment, "spring.threads.virtual.enabled"))
				&& Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
		return new Defaults(backlog(text(environment, "server.tomcat.accept-count")),
				virtual ? VIRTUAL_THREADS : PLATFORM_THREADS);
	}

	/** Whether these properties are valid is checked by those whose they are. */
	private static String text(PropertyResolver environment, String name) {
		try {
			return environment.getProperty(name, "").strip();
		}
		catch (IllegalArgumentException ex) {
			return "";
		}
	}

	private static int backlog(String acceptCount) {
		try {
			int count = Integer.parseInt(acceptCount);
			return (count > 0) ? count : BACKLOG;
		}
		catch (NumberFormatException ex) {
			return BACKLOG;
		}
	}

}
