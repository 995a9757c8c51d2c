package benchmarks;

/**
 * How a web server reaches an application.
 */
enum Transport {

	UNIX("Unix socket"), TCP("TCP");

	private final String title;

	Transport(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

}
