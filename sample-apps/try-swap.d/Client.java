package tryswap;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One thread of the load: GET and POST in turn, on a fresh connection each or on one that
 * it keeps as long as the server lets it.
 */
final class Client implements Runnable {

	private static final int MAX_PAUSE_MS = 8;

	private final InetSocketAddress server;

	private final boolean keepAlive;

	private final Load load;

	private Connection connection;

	Client(InetSocketAddress server, boolean keepAlive, Load load) {
		this.server = server;
		this.keepAlive = keepAlive;
		this.load = load;
	}

	@Override
	public void run() {
		try {
			boolean post = false;
			while (!this.load.hasEnded() && ask(post ? Request.post(this.keepAlive) : Request.get(this.keepAlive))) {
				post = !post;
				Thread.sleep(ThreadLocalRandom.current().nextInt(MAX_PAUSE_MS + 1));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			disconnect();
		}
	}

	/**
	 * Sends one request.
	 * @return whether to go on: not, once the daemon has been stopped and refuses
	 */
	private boolean ask(Request request) {
		Phase phase = this.load.phase();
		long start = System.nanoTime();
		try {
			if (this.connection == null) {
				this.connection = Connection.open(this.server);
			}
			Response response = this.connection.send(request);
			if (response.status() != 200) {
				throw new IOException("status " + response.status());
			}
			this.load.answeredBy(Generation.of(response.body()));
			phase.answered(System.nanoTime() - start);
			if (response.lastOfConnection() || !request.keepAlive()) {
				disconnect();
			}
		}
		catch (IOException | RuntimeException ex) {
			if (ex instanceof ConnectException && this.load.phase().isStopping()) {
				return false;
			}
			phase.failed(describe(ex));
			disconnect();
		}
		return true;
	}

	private String describe(Exception ex) {
		String connection = (this.connection == null) ? "connecting"
				: this.connection.isUsed() ? "kept connection" : "fresh connection";
		return connection + ": " + ex.getClass().getSimpleName() + " " + ex.getMessage();
	}

	private void disconnect() {
		try {
			if (this.connection != null) {
				this.connection.close();
			}
		}
		catch (IOException ex) {
			// Nothing was waiting for it.
		}
		this.connection = null;
	}

}
