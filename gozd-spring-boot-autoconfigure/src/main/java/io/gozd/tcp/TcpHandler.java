package io.gozd.tcp;

/**
 * Serves the connections of directives whose protocol is {@code tcp}. A bean that
 * implements it says which with {@link HandlesDirective}.
 */
@FunctionalInterface
public interface TcpHandler {

	/**
	 * Serve one connection from its first byte to its last. Called in a thread that is
	 * the connection's own, by many threads at once: a virtual one where the JVM has them
	 * and {@code spring.threads.virtual.enabled} is set, else one of a pool that grows up
	 * to {@code max-connections} of the directive. Connections beyond those are not
	 * accepted: they wait in the queue of the kernel.
	 * <p>
	 * When this returns, or throws, the connection is closed. What it throws is logged
	 * with the id of the directive: at debug level if the peer has caused it by leaving,
	 * else as an error. A generation that drains waits for every call to return, until
	 * {@code gozd.exit-timeout} is over; then the connections are closed.
	 * @param connection the connection, owned by the caller; closing it early is fine
	 * @throws Exception if it can't be served any more
	 */
	void handle(TcpConnection connection) throws Exception;

}
