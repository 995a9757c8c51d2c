package io.gozd.tomcat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts a Tomcat in a directory that the JVM is to delete at its exit, as Spring Boot
 * does, and exits.
 */
final class TemporaryTomcat {

	private TemporaryTomcat() {
	}

	public static void main(String[] args) throws Exception {
		Path directory = Files.createDirectory(Path.of(System.getProperty("java.io.tmpdir"), args[0]));
		directory.toFile().deleteOnExit();
		try (EmbeddedTomcat tomcat = new EmbeddedTomcat(directory, List.of())) {
			tomcat.takeAndStart();
			if (Files.list(directory).findAny().isEmpty()) {
				throw new IllegalStateException("Tomcat makes no directory any more");
			}
		}
	}

}
