package io.gozd.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

import io.gozd.it.fixture.ControlStranger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nonsense and strangers at the control socket: the daemon serves on, nothing leaks, and
 * a real reload works afterwards.
 */
@ExtendWith(DaemonExtension.class)
class ControlSocketIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final int SILENT_CLIENTS = 200;

	private static final String HELLO = "gozd/1 HELLO\n";

	@Test
	void isPrivate(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.start(command(daemons));
		assertThat(permissions(daemon.command().runDirectory())).isEqualTo("rwx------");
		assertThat(permissions(daemon.controlSocket())).isEqualTo("rw-------");
		daemon.swap();
		assertThat(permissions(daemon.command().runDirectory())).isEqualTo("rwx------");
		assertThat(permissions(daemon.controlSocket())).isEqualTo("rw-------");
	}

	@Test
	void survivesRandomBytes(Daemons daemons) throws IOException {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		assertUnharmed(daemons, "seed " + seed, (daemon) -> {
			for (int i = 0; i < 300; i++) {
				try (ControlClient client = ControlClient.connect(daemon.controlSocket())) {
					byte[] bytes = new byte[random.nextInt(5000)];
					random.nextBytes(bytes);
					client.send(bytes);
				}
			}
		});
	}

	@Test
	void survivesFramesThatEndEarly(Daemons daemons) throws IOException {
		byte[] text = (HELLO + "pid: 1\ngeneration: 2\n").getBytes(StandardCharsets.UTF_8);
		assertUnharmed(daemons, "truncated frames", (daemon) -> {
			for (int sent = 0; sent < text.length; sent++) {
				try (ControlClient client = ControlClient.connect(daemon.controlSocket())) {
					client.sendLength(text.length);
					client.send(Arrays.copyOf(text, sent));
				}
			}
			for (int sent = 0; sent < Integer.BYTES; sent++) {
				try (ControlClient client = ControlClient.connect(daemon.controlSocket())) {
					client.send(new byte[sent]);
				}
			}
		});
	}

	@Test
	void closesOnALengthThatNoFrameHas(Daemons daemons) throws IOException {
		assertUnharmed(daemons, "lengths", (daemon) -> {
			for (int length : new int[] { 0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 65_537, 1 << 24 }) {
				try (ControlClient client = ControlClient.connect(daemon.controlSocket())) {
					client.sendLength(length);
					client.readToEnd(LIMIT);
				}
			}
		});
	}

	@Test
	void tellsNothingToSomebodyItHasNotStarted(Daemons daemons) throws IOException {
		List<String> frames = List.of("\n", "HELLO", "gozd/1 NONSENSE\n", "gozd/999999999999 HELLO\n", "gozd/x HELLO\n",
				HELLO, HELLO + "pid: no number\ngeneration: 2\n", HELLO + "pid: 1\ngeneration: 2\n",
				HELLO + "pid: " + ProcessHandle.current().pid() + "\ngeneration: 2\n", HELLO + ": \n:\n\0\n",
				"gozd/1 PREPARED\n", "gozd/1 ACCEPTING\n", "gozd/1 COMMIT\n", "gozd/1 OWNER\n", "gozd/1 TABLE\n");
		assertUnharmed(daemons, "frames", (daemon) -> {
			for (String frame : frames) {
				try (ControlClient client = ControlClient.connect(daemon.controlSocket())) {
					client.sendFrame(frame);
					assertThat(client.readToEnd(LIMIT)).as(frame)
						.doesNotContain(Integer.toString(daemon.endpoint().port()))
						.doesNotContain("gozd/1 COMMIT");
				}
			}
		});
	}

	/** When a reload runs, and somebody is expected. */
	@Test
	void tellsNothingToSomebodyWhoComesBeforeTheSuccessor(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		long first = daemon.pid();
		faults.set("successor", 2, "before-hello", "delay:3000");
		int mark = daemon.output().mark();
		Signal.HUP.sendTo(first);
		daemon.await("a successor", LIMIT, () -> daemon.running().size() == 2);
		long successor = daemon.running().stream().filter((pid) -> pid != first).findFirst().orElseThrow();
		try (ControlClient client = ControlClient.connect(daemon.controlSocket())) {
			client.sendFrame(HELLO + "pid: " + successor + "\ngeneration: 2\n");
			assertThat(client.readToEnd(LIMIT)).doesNotContain(Integer.toString(daemon.endpoint().port()));
		}
		assertThat(daemon.awaitSwap(mark, first).successor()).isEqualTo(successor);
	}

	@Test
	void worksWhileManyClientsSayNothing(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.start(command(daemons));
		List<ControlClient> silent = new ArrayList<>();
		try {
			for (int i = 0; i < SILENT_CLIENTS; i++) {
				silent.add(ControlClient.connect(daemon.controlSocket()));
			}
			assertThat(daemon.get().pid()).isEqualTo(daemon.pid());
			daemon.swap();
			for (ControlClient client : silent) {
				client.readToEnd(LIMIT);
			}
		}
		finally {
			for (ControlClient client : silent) {
				client.close();
			}
		}
		daemon.awaitAlone(LIMIT);
		daemon.swap();
	}

	@Test
	void refusesAnotherUser(Daemons daemons) throws Exception {
		Assumptions.assumeTrue(Files.getOwner(Path.of("/proc/self")).getName().equals("root"),
				"Only root can be another user");
		DaemonProcess daemon = daemons.start(command(daemons));
		Path classes = daemons.openDirectory();
		ClassFile.of(ControlStranger.class).copyTo(classes);
		assertThat(runAsStranger(daemons, classes, daemon)).doesNotContain("connected");

		// Even where the permissions were spoilt.
		open(daemon.command().home());
		open(daemon.command().runDirectory());
		open(daemon.controlSocket());
		String answer = runAsStranger(daemons, classes, daemon);
		assertThat(answer).contains("connected").doesNotContain(Integer.toString(daemon.endpoint().port()));

		close(daemon.command().runDirectory());
		assertThat(daemon.get().pid()).isEqualTo(daemon.pid());
		daemon.swap();
	}

	private static String runAsStranger(Daemons daemons, Path classes, DaemonProcess daemon)
			throws IOException, InterruptedException {
		Process process = new ProcessBuilder("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
				daemons.settings().java().tool("java").toString(), "-cp", classes.toString(),
				ControlStranger.class.getName(), daemon.controlSocket().toString())
			.directory(classes.toFile())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		return output;
	}

	private static void open(Path path) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
	}

	private static void close(Path path) throws IOException {
		Files.setPosixFilePermissions(path, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE,
				PosixFilePermission.OWNER_EXECUTE));
	}

	private static String permissions(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

	/** Does it, then looks whether anything is left of it. */
	private static void assertUnharmed(Daemons daemons, String what, Attack attack) throws IOException {
		DaemonProcess daemon = daemons.start(command(daemons));
		// The first client may load what stays.
		try (ControlClient client = ControlClient.connect(daemon.controlSocket())) {
			client.sendLength(-1);
			client.readToEnd(LIMIT);
		}
		Census before = Census.settled(daemon).withoutServerThreads();
		attack.on(daemon);
		daemon.await(what + ": the census from before: " + before, LIMIT,
				() -> Census.of(daemon).withoutServerThreads().equals(before));
		assertThat(daemon.get().pid()).isEqualTo(daemon.pid()).isEqualTo(daemon.first().pid());
		daemon.swap();
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.command().probation(Duration.ofMillis(500));
	}

	@FunctionalInterface
	private interface Attack {

		void on(DaemonProcess daemon) throws IOException;

	}

}
