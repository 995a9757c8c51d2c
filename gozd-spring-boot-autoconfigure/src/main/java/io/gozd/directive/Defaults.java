package io.gozd.directive;

import org.springframework.core.env.PropertyResolver;

/**
 * What counts where a directive does not say it.
 *
 * @param backlog how many connections may wait to be accepted, as many as with Tomcat's
 * own connector
 * @param maxConnections how many connections of raw TCP may be open at once: each has a
 * thread, so there are more where threads are virtual
 * @param fcgiBacklog the same as the first for FastCGI: where the queue of a Unix socket
 * is full, a web server does not wait
 * @param webServers the addresses of the web servers that may use FastCGI, as the
 * variable says that web servers set for what they start (FastCGI 1.0, 3.2)
 */
record Defaults(int backlog, int maxConnections, int fcgiBacklog, String webServers) {

	private static final int BACKLOG = 100;

	/** As many as Linux has by default. */
	private static final int FCGI_BACKLOG = 4096;

	private static final int PLATFORM_THREADS = 200;

	/** As many as Tomcat takes. */
	private static final int VIRTUAL_THREADS = 8192;

	private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

	static Defaults of(PropertyResolver environment) {
		boolean virtual = "true".equalsIgnoreCase(text(environment, "spring.threads.virtual.enabled"))
				&& Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
		return new Defaults(backlog(text(environment, "server.tomcat.accept-count")),
				virtual ? VIRTUAL_THREADS : PLATFORM_THREADS, FCGI_BACKLOG, text(environment, "FCGI_WEB_SERVER_ADDRS"));
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
