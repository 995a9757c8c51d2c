package benchmarks;

/**
 * Sixteen clients, each as fast as it can be.
 */
interface Load {

	int CLIENTS = 16;

	/**
	 * Loads a daemon.
	 * @return what the clients have seen
	 * @throws Exception if a single answer is wrong or missing
	 */
	Rate run(Daemon daemon, int seconds) throws Exception;

}
