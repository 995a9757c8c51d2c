package benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program of the system.
 *
 * @param name its name
 * @param debianPackage where Debian has it
 */
record Tool(String name, String debianPackage) {

	/** Servers are in these, which a user may not have in the path. */
	private static final List<String> FOR_ADMINISTRATORS = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

	Optional<Path> find() {
		return Stream.concat(Stream.of(System.getenv("PATH").split(":")), FOR_ADMINISTRATORS.stream())
			.map((directory) -> Path.of(directory, this.name))
			.filter(Files::isExecutable)
			.findFirst();
	}

	String path() {
		return find().orElseThrow(() -> new IllegalStateException(missing())).toString();
	}

	String missing() {
		return this.name + " (package " + this.debianPackage + ")";
	}

}
