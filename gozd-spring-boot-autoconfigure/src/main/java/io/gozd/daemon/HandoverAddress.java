package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import io.gozd.posix.ProcessFile;
import org.jspecify.annotations.Nullable;

/**
 * Where a successor finds its incumbent: the one variable that is added to its
 * environment.
 *
 * @param incumbent the pid of the incumbent, which started the successor
 * @param generation the number of the successor
 * @param controlSocket the control socket of the incumbent
 */
record HandoverAddress(long incumbent, int generation, Path controlSocket) {

	static final String VARIABLE = "GOZD_HANDOVER";

	private static final int PARTS = 3;

	/**
	 * Read the address from the variable. Children of the application inherit the
	 * variable as well: it means only the process whose parent it names.
	 */
	static Optional<HandoverAddress> of(@Nullable String variable, ProcessFile self) {
		if (variable == null) {
			return Optional.empty();
		}
		try {
			String[] parts = variable.split(" ", PARTS);
			HandoverAddress address = new HandoverAddress(Long.parseLong(parts[0]), Integer.parseInt(parts[1]),
					Path.of(parts[2]));
			return (self.parent() == address.incumbent()) ? Optional.of(address) : Optional.empty();
		}
		catch (IOException | RuntimeException ex) {
			return Optional.empty();
		}
	}

	@Override
	public String toString() {
		return this.incumbent + " " + this.generation + " " + this.controlSocket;
	}

}
