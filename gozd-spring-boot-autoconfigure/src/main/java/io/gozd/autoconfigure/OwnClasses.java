package io.gozd.autoconfigure;

import java.io.IOException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Loads the starter's own classes while their jar is sure to be there: a jar that is
 * overwritten under a running JVM gives no more classes, just when the end needs some.
 */
final class OwnClasses {

	private static final Log logger = LogFactory.getLog(OwnClasses.class);

	private static final String ROOT = "io/gozd/";

	private OwnClasses() {
	}

	static void load(ClassLoader loader) {
		try {
			for (Resource file : new PathMatchingResourcePatternResolver(loader)
				.getResources("classpath*:" + ROOT + "**/*.class")) {
				String path = file.getURL().getPath();
				load(path.substring(path.lastIndexOf(ROOT), path.length() - ".class".length()).replace('/', '.'),
						loader);
			}
		}
		catch (IOException ex) {
			logger.debug("The starter's classes are loaded one by one", ex);
		}
	}

	private static void load(String name, ClassLoader loader) {
		try {
			Class.forName(name, false, loader);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			// For a server or a library that this application does not have.
			logger.trace(name + " is not needed here", ex);
		}
	}

}
