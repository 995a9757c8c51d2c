package io.gozd.it;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A JDK that the jar under test is run on.
 *
 * @param path where it is
 * @param feature its feature release, such as 17
 */
record JavaHome(Path path, int feature) {

	private static final Set<Integer> TESTED = Set.of(17, 25);

	/**
	 * The JDK that runs the tests and those of its neighbours that the project promises
	 * to work on, one of each feature release; or the ones that are named.
	 */
	static List<JavaHome> all() {
		String named = System.getProperty("gozd.it.java-homes");
		if (named != null) {
			return Stream.of(named.split(File.pathSeparator)).map((home) -> at(Path.of(home)).orElseThrow()).toList();
		}
		Path own = Path.of(System.getProperty("java.home"));
		SortedMap<Integer, JavaHome> found = new TreeMap<>();
		try (Stream<Path> neighbours = Files.list(own.getParent())) {
			neighbours.sorted()
				.flatMap((path) -> at(path).stream())
				.filter((home) -> TESTED.contains(home.feature()))
				.forEach((home) -> found.putIfAbsent(home.feature(), home));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		at(own).ifPresent((home) -> found.put(home.feature(), home));
		return List.copyOf(found.values());
	}

	private static Optional<JavaHome> at(Path path) {
		Path release = path.resolve("release");
		if (!Files.isExecutable(path.resolve("bin/java")) || !Files.isRegularFile(release)) {
			return Optional.empty();
		}
		Properties properties = new Properties();
		try (InputStream in = Files.newInputStream(release)) {
			properties.load(in);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
		return Optional.of(new JavaHome(path, Runtime.Version.parse(version).feature()));
	}

	Path tool(String name) {
		return this.path.resolve("bin").resolve(name);
	}

	@Override
	public String toString() {
		return "JDK " + this.feature;
	}

}
