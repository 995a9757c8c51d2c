package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Another version of the jar is put in place before the swap.
 */
@ExtendWith(DaemonExtension.class)
class NewVersionIT {

	@Test
	void isStartedWhenItWasMovedOverTheOldOne(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		command.jar(write(daemons, command.ownJar(), "1"));
		DaemonProcess daemon = daemons.start(command);
		assertThat(daemon.get().version()).isEqualTo("1");
		write(daemons, command.ownJar(), "2");
		assertThat(daemon.get().version()).isEqualTo("1");
		daemon.swap();
		assertThat(daemon.get().version()).isEqualTo("2");
	}

	@Test
	void isStartedWhenALinkToTheJarWasFlipped(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		Path first = write(daemons, command.home().resolve("app-1.jar"), "1").path();
		Path second = write(daemons, command.home().resolve("app-2.jar"), "2").path();
		Link link = new Link(command.home().resolve("current.jar"));
		link.flipTo(first);
		DaemonProcess daemon = daemons.start(command.jar(link.toString()));
		link.flipTo(second);
		daemon.swap();
		assertThat(daemon.get().version()).isEqualTo("2");
		link.flipTo(first);
		daemon.swap();
		assertThat(daemon.get().version()).isEqualTo("1");
	}

	@Test
	void isStartedWhenALinkToItsDirectoryWasFlipped(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		Link link = releases(daemons, command);
		DaemonProcess daemon = daemons.start(command.jar("current/app.jar"));
		assertThat(daemon.get().version()).isEqualTo("1");
		link.flipTo(Path.of("release-2"));
		daemon.swap();
		assertThat(daemon.get().version()).isEqualTo("2");
	}

	@Test
	void isStartedWhenTheWorkingDirectoryWasALinkThatWasFlipped(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		Link link = releases(daemons, command);
		// As from a shell, which says in PWD by which way it has come.
		command.in(link.path()).environment("PWD", link.toString());
		DaemonProcess daemon = daemons.start(command.jar("app.jar"));
		assertThat(daemon.get().version()).isEqualTo("1");
		link.flipTo(Path.of("release-2"));
		daemon.swap();
		assertThat(daemon.get().version()).isEqualTo("2");
	}

	private static Link releases(Daemons daemons, DaemonCommand command) throws IOException {
		for (String version : new String[] { "1", "2" }) {
			Path release = Files.createDirectory(command.home().resolve("release-" + version));
			write(daemons, release.resolve("app.jar"), version);
		}
		Link link = new Link(command.home().resolve("current"));
		link.flipTo(Path.of("release-1"));
		return link;
	}

	private static DaemonJar write(Daemons daemons, Path target, String version) {
		return daemons.jar().variant().version(version).writeTo(target);
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.command().probation(Duration.ofSeconds(1));
	}

}
