package io.gozd.it;

/**
 * A web server that a daemon may have.
 */
enum ServerKind {

	TOMCAT("Tomcat", "tomcat-embed-core"),

	UNDERTOW("Undertow", "undertow-core"),

	JETTY("Jetty", "jetty-server");

	private final String title;

	private final String library;

	ServerKind(String title, String library) {
		this.title = title;
		this.library = library;
	}

	/**
	 * The library by which a jar is seen to have it.
	 */
	String library() {
		return this.library;
	}

	/**
	 * As it calls itself.
	 */
	@Override
	public String toString() {
		return this.title;
	}

}
