package io.gozd.daemon;

import java.io.Closeable;
import java.io.IOException;

import io.gozd.handover.Incumbent;
import io.gozd.listener.ListenerTable;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Removes what this process has put into the world: its files, and those of the daemon
 * where nobody has it after this process.
 */
final class Departure {

	private static final Log logger = LogFactory.getLog(Departure.class);

	private final DaemonFiles files;

	private final ListenerTable listeners;

	private final Tenure tenure;

	private final Incumbent incumbent;

	private final boolean first;

	private @Nullable Closeable control;

	/**
	 * Create it; nothing is removed yet.
	 * @param first whether this process is nobody's successor
	 */
	Departure(DaemonFiles files, ListenerTable listeners, Tenure tenure, Incumbent incumbent, boolean first) {
		this.files = files;
		this.listeners = listeners;
		this.tenure = tenure;
		this.incumbent = incumbent;
		this.first = first;
	}

	/** Close the control socket with the rest. */
	void closes(Closeable control) {
		this.control = control;
	}

	/** Leave. May be called by any thread, and more than once. */
	void leave() {
		if (this.first && this.incumbent.state() != Incumbent.State.RELEASED) {
			removeResident();
		}
		this.files.leave();
		removeSockets();
		Closeable control = this.control;
		if (control != null) {
			try {
				control.close();
			}
			catch (IOException ex) {
				logger.debug("The control socket did not close well", ex);
			}
		}
	}

	/** Its own classes, where it was to stay. */
	private void removeResident() {
		try {
			this.files.directory().leaveResident();
		}
		catch (IOException ex) {
			logger.warn("Files are left in " + this.files.directory().resident(), ex);
		}
	}

	/** Unix sockets have files: they go with the last process that has them. */
	private void removeSockets() {
		try {
			if (!this.tenure.hasBegun() && !this.first) {
				this.listeners.abandon();
			}
			else if (!this.incumbent.mayBeSucceeded()) {
				this.listeners.removeFiles();
			}
		}
		catch (IOException ex) {
			logger.warn("The file of a Unix socket is left behind: " + ex.getMessage());
		}
	}

}
