package tryswap;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A plain socket that never sends a request twice, so that nothing the server drops stays
 * hidden.
 */
final class Connection implements Closeable {

	private static final int TIMEOUT_MS = 10_000;

	private final Socket socket;

	private final InputStream in;

	private boolean used;

	private Connection(Socket socket, InputStream in) {
		this.socket = socket;
		this.in = in;
	}

	static Connection open(InetSocketAddress address) throws IOException {
		Socket socket = new Socket();
		try {
			socket.setTcpNoDelay(true);
			socket.setSoTimeout(TIMEOUT_MS);
			socket.connect(address, TIMEOUT_MS);
			return new Connection(socket, new BufferedInputStream(socket.getInputStream()));
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	Response send(Request request) throws IOException {
		this.socket.getOutputStream().write(request.bytes());
		Response response = Response.read(this.in);
		this.used = true;
		return response;
	}

	/**
	 * Whether it has carried an answer already.
	 */
	boolean isUsed() {
		return this.used;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
