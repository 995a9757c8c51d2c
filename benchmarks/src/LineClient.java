package benchmarks;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One connection to a daemon that answers lines.
 */
final class LineClient implements Closeable {

	private static final byte[] LINE = "Hello\n".getBytes(StandardCharsets.US_ASCII);

	private final byte[] answer = new byte[128];

	private final Socket socket;

	private final InputStream in;

	private final OutputStream out;

	/**
	 * Connects, and waits for answers as long as it takes: with a time-out the JDK would
	 * ask the kernel three times instead of once for each.
	 */
	LineClient(int port) throws IOException {
		this(new Socket(InetAddress.getLoopbackAddress(), port));
	}

	/**
	 * Connects from an address of this machine.
	 * @param timeoutMillis how long to wait for an answer
	 */
	LineClient(int port, InetAddress source, int timeoutMillis) throws IOException {
		this(new Socket(InetAddress.getLoopbackAddress(), port, source, 0));
		this.socket.setSoTimeout(timeoutMillis);
	}

	private LineClient(Socket socket) throws IOException {
		this.socket = socket;
		this.in = socket.getInputStream();
		this.out = socket.getOutputStream();
	}

	/**
	 * Sends a line and checks what comes back.
	 * @return the answer
	 */
	String ask() throws IOException {
		this.out.write(LINE);
		int length = 0;
		while (length == 0 || this.answer[length - 1] != '\n') {
			int count = this.in.read(this.answer, length, this.answer.length - length);
			if (count <= 0) {
				throw new EOFException("Cut after " + text(length));
			}
			length += count;
		}
		if (length < LINE.length || !Arrays.equals(LINE, 0, LINE.length, this.answer, length - LINE.length, length)) {
			throw new IOException("A wrong answer: " + text(length));
		}
		return text(length);
	}

	private String text(int length) {
		return new String(this.answer, 0, length, StandardCharsets.US_ASCII);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
