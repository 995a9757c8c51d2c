package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

/**
 * Failures that tests ask for: the system property {@code gozd.fault} names a file with
 * lines {@code <role> <generation> <step> <action>}. Without the property nothing
 * happens.
 */
final class Faults {

	private static final int KILLED = 137;

	private static final long LOOK_MILLIS = 10;

	private final @Nullable String file;

	private final int generation;

	Faults(@Nullable String file, int generation) {
		this.file = file;
		this.generation = generation;
	}

	void at(String role, String step) {
		if (this.file == null || !Files.exists(Path.of(this.file))) {
			return;
		}
		try {
			String wanted = role + " " + this.generation + " " + step + " ";
			for (String line : Files.readAllLines(Path.of(this.file))) {
				if (line.startsWith(wanted)) {
					act(line.substring(wanted.length()).trim(), Path.of(this.file));
				}
			}
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException("Can't read the faults that a test asks for", ex);
		}
	}

	private static void act(String action, Path file) throws InterruptedException {
		if (action.equals("kill")) {
			Runtime.getRuntime().halt(KILLED);
		}
		else if (action.equals("hang")) {
			new CountDownLatch(1).await();
		}
		else if (action.equals("hold")) {
			while (Files.exists(file)) {
				Thread.sleep(LOOK_MILLIS);
			}
		}
		else if (action.startsWith("delay:")) {
			Thread.sleep(Long.parseLong(action.substring("delay:".length())));
		}
	}

}
