package io.gozd.tcp;

import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;

/**
 * Virtual threads, which this release of Java has no words for: JDK 21 and later do.
 */
final class VirtualThreads {

	private VirtualThreads() {
	}

	/**
	 * Return what makes virtual threads.
	 * @param prefix their names, before a number
	 * @return the factory, or null if this JVM has no such threads
	 */
	static @Nullable ThreadFactory factory(String prefix) {
		try {
			Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			Object named = type.getMethod("name", String.class, long.class).invoke(builder, prefix, 1L);
			return (ThreadFactory) type.getMethod("factory").invoke(named);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

}
