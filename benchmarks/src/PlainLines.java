package benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What one would write without the starter: the handler of {@code tcp-daemon} behind a
 * loop around {@code accept}, with threads like the starter's. A virtual one for each
 * connection from Java 21 on, else a pool of platform threads that grows up to a bound.
 */
final class PlainLines {

	private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

	/** The starter's default. */
	private static final int BACKLOG = 100;

	private static final int IDLE_SECONDS = 10;

	private PlainLines() {
	}

	public static void main(String[] args) throws Exception {
		Executor workers = hasVirtualThreads() ? virtualThreads() : platformThreads(Integer.parseInt(args[1]));
		try (ServerSocketChannel listener = ServerSocketChannel.open()) {
			listener.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), BACKLOG);
			while (true) {
				SocketChannel channel = listener.accept();
				workers.execute(() -> serve(channel));
			}
		}
	}

	static boolean hasVirtualThreads() {
		return Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS;
	}

	private static void serve(SocketChannel channel) {
		try (channel) {
			BufferedReader input = new BufferedReader(
					new InputStreamReader(channel.socket().getInputStream(), StandardCharsets.UTF_8));
			OutputStream output = channel.socket().getOutputStream();
			for (String line; (line = input.readLine()) != null;) {
				String answer = "pid=" + ProcessHandle.current().pid() + " gen=0 " + line + "\n";
				output.write(answer.getBytes(StandardCharsets.UTF_8));
			}
		}
		catch (IOException ex) {
			// The client has gone.
		}
	}

	/** This is compiled on Java 17, too. */
	private static Executor virtualThreads() throws NoSuchMethodException {
		Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
		return (task) -> {
			try {
				start.invoke(null, task);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		};
	}

	/** Where all are busy, the loop around accept serves, and takes no others meanwhile. */
	private static Executor platformThreads(int bound) {
		return new ThreadPoolExecutor(0, bound, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
				new ThreadPoolExecutor.CallerRunsPolicy());
	}

}
