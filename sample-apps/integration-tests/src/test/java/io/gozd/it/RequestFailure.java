package io.gozd.it;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.Locale;

import io.gozd.it.HttpConnection.Stage;
import org.jspecify.annotations.Nullable;

/**
 * A request without the answer it should have got.
 *
 * @param kind where and how it failed, such as "reused-status-eof" or "connect-refused"
 * @param nanos when, by the clock of {@link System#nanoTime()}
 * @param detail what else is known
 */
record RequestFailure(String kind, long nanos, String detail) {

	static final String REFUSED = "connect-refused";

	static RequestFailure of(@Nullable HttpConnection connection, IOException ex) {
		Stage stage = (connection != null) ? connection.stage() : Stage.CONNECT;
		boolean reused = connection != null && connection.isReused();
		String kind = (reused ? "reused-" : "") + stage.name().toLowerCase(Locale.ROOT) + "-" + kindOf(ex);
		String port = (connection != null) ? ", local port " + connection.localPort() : "";
		return new RequestFailure(kind, System.nanoTime(), ex + port);
	}

	static RequestFailure of(String stage, IOException ex) {
		return new RequestFailure(stage + "-" + kindOf(ex), System.nanoTime(), ex.toString());
	}

	static RequestFailure of(HttpAnswer answer) {
		String kind = (answer.status() != 200) ? "http-" + answer.status() : "wrong-answer";
		return new RequestFailure(kind, System.nanoTime(), answer.toString());
	}

	private static String kindOf(IOException ex) {
		if (ex instanceof SocketTimeoutException) {
			return "timeout";
		}
		if (ex instanceof EOFException) {
			return "eof";
		}
		if (String.valueOf(ex.getMessage()).toLowerCase(Locale.ROOT).contains("reset")) {
			return "reset";
		}
		if (ex instanceof ConnectException && String.valueOf(ex.getMessage()).contains("refused")) {
			return "refused";
		}
		return ex.getClass().getSimpleName();
	}

	/**
	 * Whether the connection was there: accepted, or at least in the queue.
	 */
	boolean isOnConnection() {
		return !this.kind.startsWith("connect-");
	}

}
