package io.gozd.sample.mixed;

import io.gozd.daemon.Daemon;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Who answers: the process and its generation, 0 where there is no daemon, as in an IDE.
 */
@Component
final class Identity {

	private final ObjectProvider<Daemon> daemon;

	Identity(ObjectProvider<Daemon> daemon) {
		this.daemon = daemon;
	}

	@Override
	public String toString() {
		Daemon daemon = this.daemon.getIfAvailable();
		return "pid=" + ProcessHandle.current().pid() + " gen=" + ((daemon != null) ? daemon.generation() : 0);
	}

}
