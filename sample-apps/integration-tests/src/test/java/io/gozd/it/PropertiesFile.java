package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The configuration of a daemon beside its jar, which the next generation reads anew.
 *
 * @param file where Spring Boot looks for it
 */
record PropertiesFile(Path file) {

	/**
	 * The file of a daemon that finds its address there, and not in its arguments.
	 */
	static PropertiesFile of(DaemonCommand command) {
		command.withoutAddress();
		return new PropertiesFile(command.home().resolve("application.properties"));
	}

	/**
	 * From now on these, and no others.
	 */
	void write(String... lines) {
		Path temporary = this.file.resolveSibling("application.new");
		try {
			Files.write(temporary, List.of(lines));
			Files.move(temporary, this.file, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

}
