package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Makes a process of a daemon fail at a named step of the handover.
 *
 * @param file the file that the daemon reads at each step
 */
record FaultFile(Path file) {

	static FaultFile of(DaemonCommand command) {
		FaultFile faults = new FaultFile(command.home().resolve("fault"));
		command.jvm("-Dgozd.fault=" + faults.file());
		return faults;
	}

	/**
	 * From now on this fault, and no other.
	 * @param role "incumbent" or "successor"
	 * @param generation the number of the process that is to fail
	 * @param action "kill", "hang", "delay:" and milliseconds, or "hold" until
	 * {@link #clear()}
	 */
	void set(String role, int generation, String step, String action) {
		Path temporary = this.file.resolveSibling("fault.new");
		try {
			Files.writeString(temporary, role + " " + generation + " " + step + " " + action + "\n");
			Files.move(temporary, this.file, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	void clear() {
		try {
			Files.deleteIfExists(this.file);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

}
