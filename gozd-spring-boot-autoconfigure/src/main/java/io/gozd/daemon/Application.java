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
	 * @param elsewhere whether a successor accepts it instead: the daemon as a whole is
	 * ready then, and this process must not tell a monitor that it isn't
	 */
	void readiness(boolean accepting, boolean elsewhere);

	/**
	 * Return whether a successor accepts the traffic of the daemon.
	 * @return true from before this process is said not to be ready, until after it is
	 * said to be ready again
	 */
	boolean isServedElsewhere();

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
