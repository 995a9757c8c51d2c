package io.gozd.autoconfigure;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Why the starter does nothing in a process.
 *
 * @param reason for people
 * @param expected whether everybody knows that it is so
 * @param refusesCommands whether somebody who gives a command to this process is told
 * that it does none
 */
record StandAside(String reason, boolean expected, boolean refusesCommands) {

	private static final Set<String> TEST_FRAMES = Set.of("org.junit.", "org.testng.", "io.cucumber.",
			"org.springframework.boot.test.", "org.springframework.test.context.");

	private static final Set<String> AHEAD_OF_TIME_FRAMES = Set
		.of("org.springframework.boot.SpringApplicationAotProcessor");

	private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64", "arm64");

	private static final String LOADER = "org.springframework.boot.loader.";

	/**
	 * Decide on a process.
	 * @param mainClass the class of the application, if it is known
	 * @return the reason to do nothing, or nothing
	 */
	static Optional<StandAside> from(@Nullable Class<?> mainClass) {
		if (hasFrame(TEST_FRAMES) || hasFrame(AHEAD_OF_TIME_FRAMES)) {
			return Optional.of(new StandAside("this is a test or a build", true, false));
		}
		if (mainClass == null || (isDirectory(mainClass) && !isLaunchedByLoader())) {
			return Optional.of(new StandAside("the application does not run from a jar", true, true));
		}
		if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
			return Optional.of(unexpected("a native image is not supported"));
		}
		if (!System.getProperty("os.name").equals("Linux") || !ARCHITECTURES.contains(System.getProperty("os.arch"))) {
			return Optional.of(unexpected("it needs Linux on 64 bits, this is " + System.getProperty("os.name") + " on "
					+ System.getProperty("os.arch")));
		}
		if (!Files.isReadable(Path.of("/proc/self/cmdline"))) {
			return Optional.of(unexpected("it needs /proc"));
		}
		return Optional.empty();
	}

	static StandAside secondApplication() {
		return new StandAside("another application of this process is the daemon", true, false);
	}

	/** A reason that somebody should know. */
	static StandAside unexpected(String reason) {
		return new StandAside(reason, false, true);
	}

	private static boolean hasFrame(Set<String> prefixes) {
		return StackWalker.getInstance()
			.walk((frames) -> hasFrame(frames.map(StackWalker.StackFrame::getClassName), prefixes));
	}

	private static boolean hasFrame(Stream<String> classNames, Set<String> prefixes) {
		return classNames.anyMatch((className) -> prefixes.stream().anyMatch(className::startsWith));
	}

	private static boolean isDirectory(Class<?> mainClass) {
		CodeSource source = mainClass.getProtectionDomain().getCodeSource();
		URL location = (source != null) ? source.getLocation() : null;
		return location == null || (location.getProtocol().equals("file") && location.getPath().endsWith("/"));
	}

	// Extracted jars, as in the layers of a container's image.
	private static boolean isLaunchedByLoader() {
		return System.getProperty("sun.java.command", "").startsWith(LOADER);
	}

}
