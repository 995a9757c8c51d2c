package benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Connections that each had one answer, and are open with nothing to do.
 */
final class IdleConnections implements Closeable {

	/** An address has some 28,000 ports, not all of them free. */
	private static final int PER_ADDRESS = 2000;

	private static final int TIMEOUT_MILLIS = 30_000;

	/** What a JVM has open besides. */
	private static final int OTHER_FILES = 500;

	private static final Pattern LIMIT = Pattern.compile("(?m)^Max open files\\s+(\\d+)");

	private final List<LineClient> clients = new ArrayList<>();

	/**
	 * Opens them, from several addresses.
	 */
	IdleConnections(int port, int count) throws IOException {
		try {
			while (this.clients.size() < count) {
				byte[] source = { 127, 0, 0, (byte) (2 + this.clients.size() / PER_ADDRESS) };
				LineClient client = new LineClient(port, InetAddress.getByAddress(source), TIMEOUT_MILLIS);
				this.clients.add(client);
				client.ask();
			}
		}
		catch (IOException ex) {
			close();
			throw new IOException("Connection " + this.clients.size() + " of " + count + " failed", ex);
		}
	}

	/**
	 * Tells whether a process may have as many open. Those that are started here may have
	 * what this one may: the JVM has raised its limit as far as it could.
	 */
	static void checkLimit(int count) throws IOException {
		long needed = count + OTHER_FILES;
		MatchResult limit = LIMIT.matcher(Files.readString(Path.of("/proc/self/limits")))
			.results()
			.findFirst()
			.orElse(null);
		if (limit != null && Long.parseLong(limit.group(1)) < needed) {
			throw new IOException(String.format(Locale.ROOT,
					"%,d idle connections need %,d open files and the limit is %s: raise it (ulimit -n %d),"
							+ " or measure fewer (--connections)",
					count, needed, limit.group(1), needed));
		}
	}

	@Override
	public void close() throws IOException {
		for (LineClient client : this.clients) {
			client.close();
		}
	}

}
