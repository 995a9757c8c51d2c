package io.gozd.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A compiled class of this module, to be run elsewhere.
 *
 * @param path where it belongs below a root of the class path
 * @param bytes its content
 */
record ClassFile(String path, byte[] bytes) {

	static ClassFile of(Class<?> type) {
		String path = type.getName().replace('.', '/') + ".class";
		try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
			if (in == null) {
				throw new AssertionError("No class file of " + type);
			}
			return new ClassFile(path, in.readAllBytes());
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	void copyTo(Path root) throws IOException {
		Path target = root.resolve(this.path);
		Files.createDirectories(target.getParent());
		Files.write(target, this.bytes);
	}

}
