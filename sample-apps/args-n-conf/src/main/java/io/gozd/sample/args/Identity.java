package io.gozd.sample.args;

import io.gozd.daemon.Daemon;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Who answers: the process and its generation, 0 where there is no daemon, as in an IDE.
 */
@Component
final class Identity {

	private final String text;

	Identity(ObjectProvider<Daemon> daemon) {
		Daemon generation = daemon.getIfAvailable();
		this.text = "pid=" + ProcessHandle.current().pid() + " gen="
				+ ((generation != null) ? generation.generation() : 0);
	}

	@Override
	public String toString() {
		return this.text;
	}

}
