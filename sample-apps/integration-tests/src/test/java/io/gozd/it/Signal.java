package io.gozd.it;

import java.io.IOException;

/**
 * A signal, sent as an operator sends it.
 */
enum Signal {

	HUP, TERM, INT, USR2, KILL, STOP, CONT;

	void sendTo(long pid) {
		try {
			Process kill = new ProcessBuilder("kill", "-" + name(), Long.toString(pid)).inheritIO().start();
			if (kill.waitFor() != 0) {
				throw new AssertionError("No " + name() + " could be sent to " + pid);
			}
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
