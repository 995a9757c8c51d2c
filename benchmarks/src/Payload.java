package benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is asked for, or sent.
 */
enum Payload {

	HELLO("12 bytes", 12, false), PAGE("10 KB", 10_000, false), DOWNLOAD("1 MB down", 1_000_000, false),
	UPLOAD("100 KB POST", 100_000, true);

	private final String title;

	private final int bytes;

	private final boolean post;

	Payload(String title, int bytes, boolean post) {
		this.title = title;
		this.bytes = bytes;
		this.post = post;
	}

	String title() {
		return this.title;
	}

	String path() {
		return this.post ? "/bytes" : "/bytes?count=" + this.bytes;
	}

	/**
	 * What wrk has to be told.
	 * @param work where a script can be put
	 */
	List<String> wrkOptions(Path work) throws IOException {
		if (!this.post) {
			return List.of();
		}
		Path script = work.resolve("post.lua");
		Files.writeString(script, """
				wrk.method = "POST"
				wrk.headers["Content-Type"] = "application/octet-stream"
				wrk.body = string.rep("x", %d)
				""".formatted(this.bytes));
		return List.of("--script", script.toString());
	}

	/**
	 * Sends the body, if there is one.
	 */
	void sendTo(HttpURLConnection connection) throws IOException {
		if (this.post) {
			connection.setDoOutput(true);
			connection.setRequestProperty("Content-Type", "application/octet-stream");
			try (OutputStream out = connection.getOutputStream()) {
				out.write(new byte[this.bytes]);
			}
		}
	}

	/**
	 * Whether an answer is as long as it has to be.
	 */
	boolean isAnswer(String answer) {
		return this.post ? answer.equals(String.valueOf(this.bytes)) : answer.length() == this.bytes;
	}

}
