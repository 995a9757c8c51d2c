package io.gozd.daemon;

/**
 * The application that this process runs, as the daemon sees it. Methods are called by
 * the daemon's threads.
 */
public interface Application {

	/**
	 * Tell the application what happens.
	 * @param event one of {@code io.gozd.event}
	 */
	void publish(Object event);

	/**
	 * Say whether new traffic is wanted here.
	 * @param accepting whether it is
	 */
	void readiness(boolean accepting);

	/**
	 * Note why this process can't be replaced: it runs, but a reload is refused.
	 * @param reason a sentence for people, with the way out
	 */
	void addObstacle(String reason);

	/**
	 * Return why this process can't be replaced as it is.
	 * @return the reason, or an empty text if it can
	 */
	String obstacle();

	/**
	 * Return the version of the application.
	 * @return what its jar says, or an empty text if it says nothing
	 */
	String version();

	/**
	 * Close the application. Returns when it is closed.
	 * @param patient whether to wait for work that still goes on
	 */
	void close(boolean patient);

}
