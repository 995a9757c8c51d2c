package io.gozd.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/**
 * A program of the system that a test needs.
 *
 * @param name its name
 * @param debianPackage where Debian has it
 */
record Program(String name, String debianPackage) {

	/** Servers are in these, which a user may not have in the path. */
	private static final List<String> FOR_ADMINISTRATORS = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

	/**
	 * Where it is. A developer may lack it, and the test is skipped; the build may not.
	 */
	Path require() {
		Optional<Path> found = find();
		String missing = this.name + " is missing: it is in the package " + this.debianPackage;
		if (found.isEmpty() && "true".equals(System.getenv("CI"))) {
			throw new AssertionError(missing);
		}
		Assumptions.assumeTrue(found.isPresent(), missing);
		return found.orElseThrow();
	}

	private Optional<Path> find() {
		return Stream.concat(Stream.of(System.getenv("PATH").split(":")), FOR_ADMINISTRATORS.stream())
			.map((directory) -> Path.of(directory, this.name))
			.filter(Files::isExecutable)
			.findFirst();
	}

}
