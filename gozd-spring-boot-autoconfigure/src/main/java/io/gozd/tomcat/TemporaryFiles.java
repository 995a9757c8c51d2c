package io.gozd.tomcat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Spring Boot makes a temporary directory for Tomcat and has the JVM delete it at exit,
 * which fails because Tomcat makes others in it. One directory a swap would pile up.
 */
final class TemporaryFiles implements LifecycleListener {

	private static final Log logger = LogFactory.getLog(TemporaryFiles.class);

	/** As Files.createTempDirectory makes it of "tomcat.<port>.". */
	private static final Pattern NAME = Pattern.compile("tomcat\\.-?\\d+\\.\\d+");

	@Override
	public void lifecycleEvent(LifecycleEvent event) {
		if (event.getType().equals(Lifecycle.AFTER_START_EVENT) && event.getLifecycle() instanceof Context context) {
			File base = ((Engine) context.getParent().getParent()).getCatalinaBase();
			if (NAME.matcher(base.getName()).matches()
					&& Path.of(System.getProperty("java.io.tmpdir")).equals(base.toPath().getParent())) {
				deleteOnExit(base.toPath());
			}
		}
	}

	// The JVM deletes in the reverse order: what is inside before what is around it. Only
	// directories: one that holds a file is not deleted.
	private static void deleteOnExit(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			files.filter(Files::isDirectory).map(Path::toFile).forEach(File::deleteOnExit);
		}
		catch (IOException | UncheckedIOException ex) {
			logger.debug("The temporary directory " + directory + " will stay", ex);
		}
	}

}
