package io.gozd.sample.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.gozd.daemon.Daemon;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/**
 * Who answers: the process, its generation and the version of the jar it was started
 * from.
 */
@Component
final class Identity {

	private final long pid = ProcessHandle.current().pid();

	private final int generation;

	private final String version;

	Identity(ObjectProvider<Daemon> daemon, @Value("classpath:version.txt") Resource version) throws IOException {
		// There is no daemon in a test or in an IDE.
		Daemon here = daemon.getIfAvailable();
		this.generation = (here != null) ? here.generation() : 0;
		// Read once: by the time of a late request another jar may stand in place of
		// ours.
		this.version = version.getContentAsString(StandardCharsets.UTF_8).strip();
	}

	long pid() {
		return this.pid;
	}

	@Override
	public String toString() {
		return "pid=" + this.pid + " gen=" + this.generation + " version=" + this.version;
	}

}
