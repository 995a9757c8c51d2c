package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.regex.Pattern;

import io.gozd.it.fixture.BrokenBean;
import io.gozd.it.fixture.ExitingMain;
import io.gozd.it.fixture.GreedyBean;
import io.gozd.it.fixture.HangingBean;
import io.gozd.it.fixture.ShortLife;
import io.gozd.it.fixture.ThrowingMain;

/**
 * A way in which a new version can be broken.
 */
enum BrokenSuccessor {

	MISSING("app\\.jar") {

		@Override
		void write(DaemonJar good, Path target) throws IOException {
			Files.delete(target);
		}

	},

	TRUNCATED("app\\.jar") {

		@Override
		void write(DaemonJar good, Path target) throws IOException {
			byte[] whole = Files.readAllBytes(good.path());
			replace(target, Arrays.copyOf(whole, whole.length / 2));
		}

	},

	NOT_A_JAR("app\\.jar") {

		@Override
		void write(DaemonJar good, Path target) throws IOException {
			replace(target, "not a jar".getBytes());
		}

	},

	MAIN_THROWS("main is broken on purpose") {

		@Override
		void write(DaemonJar good, Path target) {
			good.variant().startClass(ThrowingMain.class).writeTo(target);
		}

	},

	MAIN_EXITS("main leaves on purpose") {

		@Override
		void write(DaemonJar good, Path target) {
			good.variant().startClass(ExitingMain.class).writeTo(target);
		}

	},

	BEAN_THROWS("a bean is broken on purpose") {

		@Override
		void write(DaemonJar good, Path target) {
			good.variant().configuration(BrokenBean.class).writeTo(target);
		}

	},

	HANGS("a bean hangs on purpose") {

		@Override
		void write(DaemonJar good, Path target) {
			good.variant().configuration(HangingBean.class).writeTo(target);
		}

	},

	OUT_OF_MEMORY("OutOfMemoryError") {

		@Override
		void write(DaemonJar good, Path target) {
			good.variant().configuration(GreedyBean.class).writeTo(target);
		}

	},

	FOR_NEWER_JAVA("UnsupportedClassVersionError") {

		@Override
		void write(DaemonJar good, Path target) {
			good.variant().startClassOfTheFuture(ThrowingMain.class).writeTo(target);
		}

	},

	/** Lives long enough to accept, not long enough to be trusted. */
	DIES_IN_PROBATION("the process dies on purpose") {

		@Override
		void write(DaemonJar good, Path target) {
			good.variant().configuration(ShortLife.class).writeTo(target);
		}

	};

	private final Pattern report;

	BrokenSuccessor(String reason) {
		this.report = Pattern.compile("Reload failed:[\\s\\S]*" + reason);
	}

	/**
	 * Puts the broken version in place.
	 */
	abstract void write(DaemonJar good, Path target) throws IOException;

	/**
	 * What the daemon must say about it.
	 */
	Pattern report() {
		return this.report;
	}

	private static void replace(Path target, byte[] content) throws IOException {
		Path temporary = target.resolveSibling("broken.new");
		Files.write(temporary, content);
		Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
	}

}
