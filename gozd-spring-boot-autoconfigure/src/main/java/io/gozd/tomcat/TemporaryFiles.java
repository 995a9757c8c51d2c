package io.gozd.tomcat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;

/**
 * Spring Boot makes a temporary directory for Tomcat and has the JVM delete it at exit,
 * which fails because Tomcat makes others in it. One directory a swap would pile up.
 */
final class TemporaryFiles implements LifecycleListener {

	private static final String PREFIX = "tomcat.";

	@Override
	public void lifecycleEvent(LifecycleEvent event) {
		if (event.getType().equals(Lifecycle.AFTER_START_EVENT) && event.getLifecycle() instanceof Context context) {
			File base = ((Engine) context.getParent().getParent()).getCatalinaBase();
			if (base.getName().startsWith(PREFIX)
					&& Path.of(System.getProperty("java.io.tmpdir")).equals(base.toPath().getParent())) {
				deleteOnExit(base.toPath());
			}
		}
	}

	// The JVM deletes in the reverse order: what is inside before what is around it.
	private static void deleteOnExit(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			files.map(Path::toFile).forEach(File::deleteOnExit);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
