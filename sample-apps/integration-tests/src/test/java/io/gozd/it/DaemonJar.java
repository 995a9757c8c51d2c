package io.gozd.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * A jar that can be started as a daemon.
 *
 * @param path where it is
 */
record DaemonJar(Path path) {

	private static final String LIBRARIES = "BOOT-INF/lib/";

	/**
	 * The class that the launcher in the jar starts.
	 */
	String startClass() {
		try (JarFile jar = new JarFile(this.path.toFile())) {
			Manifest manifest = jar.getManifest();
			return manifest.getMainAttributes().getValue("Start-Class");
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * The names of the libraries in it.
	 */
	List<String> libraries() {
		try (JarFile jar = new JarFile(this.path.toFile())) {
			return jar.stream()
				.map(JarEntry::getName)
				.filter((name) -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
				.map((name) -> name.substring(LIBRARIES.length()))
				.toList();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * The web server that it must have.
	 */
	Server server() {
		return Server.among(libraries()).orElseThrow(() -> new AssertionError("No web server in " + this.path));
	}

	JarVariant variant() {
		return new JarVariant(this.path);
	}

}
