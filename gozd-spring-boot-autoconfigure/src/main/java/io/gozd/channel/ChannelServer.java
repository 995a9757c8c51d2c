package io.gozd.channel;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;

/**
 * A server of the application's own that accepts from the listener of a directive: what
 * it promises, so that no connection is lost when the process is replaced. Its methods
 * are called by threads of the starter. {@link #accept()}, {@link #stopAccepting()} and
 * {@link #closeListener()} are never called at the same time, nor twice in a row; none of
 * them may take more than milliseconds, because a handover waits for them: after two
 * seconds it does not any more.
 * <p>
 * With Netty's NIO transport, where {@code AUTO_READ} of the server channel is the gate
 * and its event loop the thread that proves that it is shut: <pre class="code">
 * final class EchoServer extends ChannelInboundHandlerAdapter implements ChannelServer {
 *
 *   private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
 *
 *   private final Channel listener;
 *
 *   private boolean open; // used by the event loop
 *
 *   EchoServer(ServerSocketChannel channel, EventLoopGroup group, ChannelHandler echo) {
 *     this.listener = new ServerBootstrap().group(group)
 *       .channelFactory(() -&gt; new NioServerSocketChannel(channel))
 *       .option(ChannelOption.AUTO_READ, false)
 *       .handler(this)
 *       .childHandler(echo)
 *       .register() // not bind: it listens already
 *       .syncUninterruptibly()
 *       .channel();
 *   }
 *
 *   public void channelRead(ChannelHandlerContext context, Object connection) {
 *     this.connections.add((Channel) connection);
 *     context.fireChannelRead(connection);
 *   }
 *
 *   public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
 *     // Not passed on: Netty's own handler opens the gate a second later, whatever it was.
 *     this.listener.config().setAutoRead(false);
 *     context.executor().schedule(() -&gt; this.listener.config().setAutoRead(this.open), 1, SECONDS);
 *   }
 *
 *   public void accept() {
 *     gate(true);
 *   }
 *
 *   public void stopAccepting() {
 *     gate(false);
 *   }
 *
 *   private void gate(boolean open) {
 *     this.listener.eventLoop().submit(() -&gt; {
 *       this.open = open;
 *       this.listener.config().setAutoRead(open);
 *     }).syncUninterruptibly();
 *   }
 *
 *   public int openConnections() {
 *     return this.connections.size();
 *   }
 *
 *   public void closeListener() {
 *     this.listener.close().syncUninterruptibly();
 *   }
 *
 *   public void closeAll() {
 *     this.connections.close();
 *   }
 *
 * }</pre> For a Unix socket it is {@code NioServerDomainSocketChannel}. The transports
 * that are native (epoll, io_uring) don't take a channel of the JDK's.
 */
public interface ChannelServer {

	/**
	 * Begin to accept, or go on.
	 */
	void accept();

	/**
	 * Accept no more. When this returns, no thread is inside {@code accept} of the
	 * channel, nor will be before {@link #accept()}, and every connection that was
	 * accepted is counted in {@link #openConnections()}. What waits in the queue of the
	 * kernel stays there. The channel stays open.
	 */
	void stopAccepting();

	/**
	 * Close the channel of the listener, for good. If it is registered with a selector,
	 * the JDK closes its descriptor only when the selector is used the next time: wake it
	 * up.
	 */
	void closeListener();

	/**
	 * Return how many connections are open. A generation that drains exits when there are
	 * none; called several times a second then.
	 * @return their number, those included that were accepted this instant
	 */
	int openConnections();

	/**
	 * Close every connection: the time is over.
	 */
	void closeAll();

	/**
	 * Begin or end draining: while it drains, tell peers, as the protocol can, to use
	 * another connection next time. Does nothing by default.
	 * @param draining whether to drain; it ends when a reload fails late
	 */
	default void draining(boolean draining) {
	}

	/**
	 * Close connections on which nothing is asked: the daemon ends soon. Called several
	 * times a second. Does nothing by default.
	 */
	default void closeIdle() {
	}

	/**
	 * Makes the server of a listener.
	 *
	 * @param <S> the server
	 */
	@FunctionalInterface
	interface Factory<S extends ChannelServer> {

		/**
		 * Make the server. It must not accept before {@link ChannelServer#accept()}.
		 * @param channel the listener, bound and listening, in non-blocking mode; owned
		 * by the server unless this fails. The mode belongs to all processes that have
		 * the listener, and must never be changed. What the channel says about its own
		 * address can be wrong: right is what the directive says.
		 * @return the server
		 * @throws IOException if it can't be made
		 */
		S create(ServerSocketChannel channel) throws IOException;

	}

}
