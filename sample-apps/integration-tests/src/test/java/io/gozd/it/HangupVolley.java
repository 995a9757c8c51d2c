package io.gozd.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Several HUPs in a row, as fast as they can be delivered. The kernel keeps one pending
 * signal of a kind: the next is sent when the one before is no longer pending.
 */
final class HangupVolley {

	/** Bit 0 of the mask is signal 1. All within bash, since a process a step is slow. */
	private static final String SCRIPT = """
			pid=$1 count=$2
			start=$EPOCHREALTIME
			for ((i = 0; i < count; i++)); do
			  kill -HUP $pid
			  pending=1
			  while ((pending)); do
			    pending=0
			    while read -r name value; do
			      if [[ $name == S*Pnd: || $name == ShdPnd: ]] && ((16#$value & 1)); then pending=1; fi
			    done < /proc/$pid/status
			  done
			done
			echo $start $EPOCHREALTIME
			""";

	private HangupVolley() {
	}

	/**
	 * Sends them.
	 * @return how long it took
	 */
	static Duration send(long pid, int count) throws IOException, InterruptedException {
		Process bash = new ProcessBuilder("bash", "-c", SCRIPT, "bash", Long.toString(pid), Integer.toString(count))
			.redirectErrorStream(true)
			.start();
		String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (bash.waitFor() != 0) {
			throw new AssertionError(output);
		}
		String[] times = output.strip().replace(".", "").split(" ");
		return Duration.ofNanos((Long.parseLong(times[1]) - Long.parseLong(times[0])) * 1000);
	}

}
