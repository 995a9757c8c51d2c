package io.gozd.it;

/**
 * What not every server does.
 */
enum ServerTrait {

	UNIX("serves no HTTP on Unix sockets"),

	FASTCGI("speaks no FastCGI"),

	ADDITIONAL_CONNECTORS("has connectors of its own, and the test adds one of Tomcat"),

	BACKLOG("has no property for the length of the queue");

	private final String lack;

	ServerTrait(String lack) {
		this.lack = lack;
	}

	boolean isOf(ServerKind server) {
		return switch (this) {
			case UNIX -> server != ServerKind.UNDERTOW;
			case FASTCGI, ADDITIONAL_CONNECTORS -> server == ServerKind.TOMCAT;
			case BACKLOG -> ServerSetting.BACKLOG.isKnownTo(server);
		};
	}

	/**
	 * What is said of a server without it.
	 */
	String lack() {
		return this.lack;
	}

}
