package io.gozd.it;

import java.io.IOException;
import java.time.Duration;

/**
 * A signal, sent as an operator sends it.
 */
enum Signal {

	HUP(1), INT(2), KILL(9), USR2(12), TERM(15), CONT(18), STOP(19);

	/**
	 * It may become another program at this moment, which takes it once it has started.
	 */
	private static final Duration DELIVERY = DaemonProcess.START_LIMIT;

	private final long bit;

	Signal(int number) {
		this.bit = 1L << (number - 1);
	}

	/**
	 * Sends it, and waits until it is no longer pending: of two that are, the kernel
	 * keeps one. In a zombie it stays so.
	 */
	void sendTo(long pid) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name(), Long.toString(pid)).inheritIO().start();
			if (kill.waitFor() != 0) {
				throw new AssertionError("No " + name() + " could be sent to " + pid);
			}
			ProcessView process = new ProcessView(pid);
			Deadline.in(DELIVERY).await("delivery of " + name(), () -> isTaken(process));
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private boolean isTaken(ProcessView process) {
		return !process.runs() || (process.signals("ShdPnd") & this.bit) == 0;
	}

}
