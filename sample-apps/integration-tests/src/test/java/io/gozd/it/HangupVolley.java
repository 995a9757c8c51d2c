package io.gozd.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Several HUPs in a row, sent by one shell: a process for each would be slow.
 */
final class HangupVolley {

	private static final String AT_ONCE = """
			for ((i = 0; i < $2; i++)); do kill -HUP $1; done
			""";

	/** Bit 0 of the mask is signal 1. */
	private static final String EACH = """
			for ((i = 0; i < $2; i++)); do
			  kill -HUP $1
			  pending=1
			  while ((pending)); do
			    while read -r name value; do
			      if [[ $name == ShdPnd: ]]; then pending=$((16#$value & 1)); fi
			    done < /proc/$1/status
			  done
			done
			""";

	private HangupVolley() {
	}

	/**
	 * Sends them within a millisecond or so. The kernel keeps one of those that it has
	 * not yet delivered.
	 */
	static void sendAtOnce(long pid, int count) throws IOException, InterruptedException {
		send(AT_ONCE, pid, count);
	}

	/**
	 * Sends each as soon as the one before is delivered, which takes a few milliseconds.
	 */
	static void sendEach(long pid, int count) throws IOException, InterruptedException {
		send(EACH, pid, count);
	}

	private static void send(String script, long pid, int count) throws IOException, InterruptedException {
		Process bash = new ProcessBuilder("bash", "-c", script, "bash", Long.toString(pid), Integer.toString(count))
			.redirectErrorStream(true)
			.start();
		String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (bash.waitFor() != 0) {
			throw new AssertionError(output);
		}
	}

}
