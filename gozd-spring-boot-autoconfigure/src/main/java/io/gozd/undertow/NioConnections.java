package io.gozd.undertow;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelectableChannel;

import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/**
 * Makes XNIO's connections out of sockets that it has not accepted itself, which it has
 * no public way to.
 *
 * @param register makes a key in the selector of a thread
 * @param create makes a connection with that key
 * @param closed the type of who is told of its end
 */
record NioConnections(MethodHandle register, MethodHandle create, Class<?> closed) {

	private static final String CLOSED = "channelClosed";

	/** Null where this is a release of XNIO that is not known. */
	private static final @Nullable NioConnections FOUND = find();

	static boolean isKnown() {
		return FOUND != null;
	}

	static NioConnections get() {
		if (FOUND == null) {
			throw new IllegalStateException("This release of XNIO is not known");
		}
		return FOUND;
	}

	private static @Nullable NioConnections find() {
		try {
			ClassLoader loader = XnioWorker.class.getClassLoader();
			Class<?> thread = Class.forName("org.xnio.nio.WorkerThread", false, loader);
			Class<?> connection = Class.forName("org.xnio.nio.NioSocketStreamConnection", false, loader);
			Class<?> closed = Class.forName("org.xnio.nio.ChannelClosed", false, loader);
			closed.getMethod(CLOSED);
			MethodHandles.Lookup own = MethodHandles.lookup();
			MethodHandle register = MethodHandles.privateLookupIn(thread, own)
				.findVirtual(thread, "registerChannel",
						MethodType.methodType(SelectionKey.class, AbstractSelectableChannel.class));
			MethodHandle create = MethodHandles.privateLookupIn(connection, own)
				.findConstructor(connection, MethodType.methodType(void.class, thread, SelectionKey.class, closed));
			return new NioConnections(
					register.asType(MethodType.methodType(SelectionKey.class, XnioIoThread.class, SocketChannel.class)),
					create.asType(MethodType.methodType(StreamConnection.class, XnioIoThread.class, SelectionKey.class,
							Object.class)),
					closed);
		}
		catch (ReflectiveOperationException | LinkageError ex) {
			return null;
		}
	}

	/**
	 * Make a connection.
	 * @param thread the I/O thread, which calls this
	 * @param socket what was accepted
	 * @param closed told when the connection is closed
	 */
	StreamConnection open(XnioIoThread thread, SocketChannel socket, Runnable closed) throws IOException {
		try {
			socket.configureBlocking(false);
			SelectionKey key = (SelectionKey) this.register.invokeExact(thread, socket);
			Object listener = Proxy.newProxyInstance(this.closed.getClassLoader(), new Class<?>[] { this.closed },
					(proxy, method, arguments) -> told(method, closed));
			return (StreamConnection) this.create.invokeExact(thread, key, listener);
		}
		catch (IOException | RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static @Nullable Object told(Method method, Runnable closed) {
		if (!method.getName().equals(CLOSED)) {
			throw new UnsupportedOperationException(method.getName());
		}
		closed.run();
		return null;
	}

}
