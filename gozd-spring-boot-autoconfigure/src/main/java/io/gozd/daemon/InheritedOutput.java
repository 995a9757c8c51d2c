package io.gozd.daemon;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where the incumbent's output goes: the successor's goes there through the incumbent,
 * until it takes the descriptors that were passed on.
 */
final class InheritedOutput {

	private static final Log logger = LogFactory.getLog(InheritedOutput.class);

	private static final int FIRST_OUTPUT = 1;

	private final Supplier<List<Integer>> descriptors;

	private final Supplier<Posix> posix;

	private final @Nullable Logfile logfile;

	private boolean taken;

	/**
	 * Create it; nothing is taken yet.
	 * @param logfile where the output goes instead, or null
	 * @param descriptors the incumbent's stdout and stderr, owned by this object
	 * @param posix the operating system
	 */
	InheritedOutput(@Nullable Logfile logfile, Supplier<List<Integer>> descriptors, Supplier<Posix> posix) {
		this.logfile = logfile;
		this.descriptors = descriptors;
		this.posix = posix;
	}

	/**
	 * From now on what this process prints goes where the incumbent's goes, or to the log
	 * file that it has opened itself.
	 */
	void take() {
		if (this.taken) {
			return;
		}
		this.taken = true;
		if (this.logfile != null) {
			this.logfile.take();
			this.descriptors.get().forEach(this.posix.get()::close);
			return;
		}
		int target = FIRST_OUTPUT;
		for (int descriptor : this.descriptors.get()) {
			try {
				this.posix.get().duplicate(descriptor, target++);
			}
			catch (IOException ex) {
				logger.warn("The output can't go where the incumbent's goes: " + ex.getMessage());
			}
			this.posix.get().close(descriptor);
		}
	}

}
