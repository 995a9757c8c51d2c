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
 */
record StandAside(String reason, boolean expected) {

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
			return expected("this is a test or a build");
		}
		if (mainClass == null || (isDirectory(mainClass) && !isLaunchedByLoader())) {
			return expected("the application does not run from a jar");
		}
		if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
			return Optional.of(new StandAside("a native image is not supported", false));
		}
		if (!System.getProperty("os.name").equals("Linux") || !ARCHITECTURES.contains(System.getProperty("os.arch"))) {
			return Optional.of(new StandAside("it needs Linux on 64 bits, this is " + System.getProperty("os.name")
					+ " on " + System.getProperty("os.arch"), false));
		}
		if (!Files.isReadable(Path.of("/proc/self/cmdline"))) {
			return Optional.of(new StandAside("it needs /proc", false));
		}
		return Optional.empty();
	}

	static StandAside secondApplication() {
		return new StandAside("another application of this process is the daemon", true);
	}

	private static Optional<StandAside> expected(String reason) {
		return Optional.of(new StandAside(reason, true));
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
