package io.gozd.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application started from a directory of classes, as {@code mvn spring-boot:run} and
 * an IDE do it: {@code java -cp target/classes:... Main}. The starter stands aside there.
 */
@ExtendWith(DaemonExtension.class)
class BootRunIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	/**
	 * 128 and the number of the signal: what a JVM does that nobody has told otherwise.
	 */
	private static final int ENDED_BY_TERM = 143;

	private static final int ENDED_BY_HUP = 129;

	@Test
	void servesAndEndsAsWithoutTheStarter(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.launch(exploded(daemons));
		assertThat(daemon.awaitAnswer().pid()).isEqualTo(daemon.first().pid());
		assertThat(daemon.get().generation()).isZero();
		assertThat(daemon.pidFile()).doesNotExist();
		assertThat(daemon.controlSocket()).doesNotExist();
		Signal.TERM.sendTo(daemon.first().pid());
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(ENDED_BY_TERM);
	}

	@Test
	void doesNotTakeTheSignals(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.launch(exploded(daemons));
		daemon.awaitAnswer();
		Signal.HUP.sendTo(daemon.first().pid());
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(ENDED_BY_HUP);
	}

	@Test
	void isAnOrdinaryApplicationWhenSwitchedOff(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.launch(daemons.command().arguments("--gozd.enabled=false"));
		assertThat(daemon.awaitAnswer().generation()).isZero();
		assertThat(daemon.pidFile()).doesNotExist();
		Signal.TERM.sendTo(daemon.first().pid());
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(ENDED_BY_TERM);
	}

	private static DaemonCommand exploded(Daemons daemons) throws IOException {
		DaemonCommand command = daemons.command();
		Path target = command.home().resolve("target");
		unzip(daemons.jar(), target);
		return command.program("-cp", target.resolve("BOOT-INF/classes") + ":" + target.resolve("BOOT-INF/lib") + "/*",
				daemons.jar().startClass());
	}

	private static void unzip(DaemonJar jar, Path target) throws IOException {
		try (ZipFile zip = new ZipFile(jar.path().toFile())) {
			for (ZipEntry entry : Collections.list(zip.entries())) {
				if (entry.getName().startsWith("BOOT-INF/") && !entry.isDirectory()) {
					Path file = target.resolve(entry.getName());
					Files.createDirectories(file.getParent());
					try (InputStream in = zip.getInputStream(entry)) {
						Files.copy(in, file);
					}
				}
			}
		}
	}

}
