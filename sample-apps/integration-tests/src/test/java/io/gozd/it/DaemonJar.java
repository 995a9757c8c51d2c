package io.gozd.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/**
 * A jar that can be started as a daemon.
 *
 * @param path where it is
 */
record DaemonJar(Path path) {

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
	 * Whether it carries a library, by the name of the library's jar.
	 */
	boolean hasLibrary(String name) {
		Pattern library = Pattern.compile("BOOT-INF/lib/" + Pattern.quote(name) + "-\\d.*\\.jar");
		try (JarFile jar = new JarFile(this.path.toFile())) {
			return jar.stream().anyMatch((entry) -> library.matcher(entry.getName()).matches());
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	JarVariant variant() {
		return new JarVariant(this.path);
	}

}
