package tryswap;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An answer, read to its last byte.
 *
 * @param status the status code
 * @param body the text
 * @param lastOfConnection whether the server will close the connection
 */
record Response(int status, String body, boolean lastOfConnection) {

	static Response read(InputStream in) throws IOException {
		String[] statusLine = line(in).split(" ");
		if (statusLine.length < 2 || !statusLine[0].equals("HTTP/1.1")) {
			throw new IOException("no status line");
		}
		int length = -1;
		boolean close = false;
		for (String header = line(in); !header.isEmpty(); header = line(in)) {
			String lower = header.toLowerCase(Locale.ROOT);
			if (lower.startsWith("content-length:")) {
				length = Integer.parseInt(lower.substring("content-length:".length()).strip());
			}
			close |= lower.startsWith("connection:") && lower.contains("close");
		}
		if (length < 0) {
			throw new IOException("no length");
		}
		byte[] body = in.readNBytes(length);
		if (body.length < length) {
			throw new EOFException("cut body");
		}
		return new Response(Integer.parseInt(statusLine[1]), new String(body, StandardCharsets.UTF_8), close);
	}

	private static String line(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = in.read(); c != '\n'; c = in.read()) {
			if (c < 0) {
				throw new EOFException(line.isEmpty() ? "closed" : "cut head");
			}
			line.append((char) c);
		}
		return line.toString().stripTrailing();
	}

}
