package io.gozd.it;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A copy of a jar that differs from it in a few entries.
 */
final class JarVariant {

	private static final String CLASSES = "BOOT-INF/classes/";

	/** Of a release of Java that is far away. */
	private static final int FUTURE_CLASS_FILE = 99;

	/** As the launcher in the jar wants its libraries. */
	private static final Map<String, String> STORED = Map.of("compressionMethod", "STORED");

	private final Path original;

	private final Map<String, byte[]> entries = new LinkedHashMap<>();

	private final Map<String, String> attributes = new LinkedHashMap<>();

	private final Map<String, String> properties = new LinkedHashMap<>();

	private boolean withoutClasses;

	JarVariant(Path original) {
		this.original = original;
	}

	JarVariant version(String version) {
		this.entries.put(CLASSES + "version.txt", version.getBytes());
		return this;
	}

	/**
	 * Starts another class than the application.
	 */
	JarVariant startClass(Class<?> type) {
		this.attributes.put("Start-Class", type.getName());
		return with(type);
	}

	/**
	 * Starts a class that no JDK of today can load.
	 */
	JarVariant startClassOfTheFuture(Class<?> type) {
		startClass(type);
		byte[] bytes = ClassFile.of(type).bytes();
		bytes[6] = 0;
		bytes[7] = FUTURE_CLASS_FILE;
		this.entries.put(CLASSES + ClassFile.of(type).path(), bytes);
		return this;
	}

	/**
	 * Adds configurations to those of the application.
	 */
	JarVariant configuration(Class<?>... types) {
		property("spring.main.sources", Stream.of(types).map(Class::getName).collect(Collectors.joining(",")));
		for (Class<?> type : types) {
			with(type);
		}
		return this;
	}

	JarVariant property(String name, String value) {
		this.properties.put(name, value);
		String lines = this.properties.entrySet()
			.stream()
			.map((property) -> property.getKey() + "=" + property.getValue())
			.collect(Collectors.joining("\n"));
		this.entries.put(CLASSES + "config/application.properties", lines.getBytes());
		return this;
	}

	JarVariant with(Class<?> type) {
		ClassFile file = ClassFile.of(type);
		this.entries.put(CLASSES + file.path(), file.bytes());
		return this;
	}

	/**
	 * Has the application of another jar, with the libraries of this one.
	 */
	JarVariant application(DaemonJar other) {
		this.withoutClasses = true;
		this.attributes.put("Start-Class", other.startClass());
		try (JarFile jar = new JarFile(other.path().toFile())) {
			for (JarEntry entry : Collections.list(jar.entries())) {
				if (entry.getName().startsWith(CLASSES) && !entry.isDirectory()) {
					try (InputStream in = jar.getInputStream(entry)) {
						this.entries.put(entry.getName(), in.readAllBytes());
					}
				}
			}
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		return this;
	}

	/**
	 * Adds the library that a class comes from.
	 */
	JarVariant libraryOf(Class<?> type) {
		try {
			return library(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
		}
		catch (URISyntaxException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Adds the libraries of this test whose files have such names.
	 */
	JarVariant libraries(Pattern names) {
		for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path library = Path.of(element);
			if (names.matcher(library.getFileName().toString()).matches()) {
				library(library);
			}
		}
		return this;
	}

	private JarVariant library(Path library) {
		try {
			this.entries.put("BOOT-INF/lib/" + library.getFileName(), Files.readAllBytes(library));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		return this;
	}

	/**
	 * Writes the variant, in place of what may be there by a rename, as an operator
	 * should.
	 */
	DaemonJar writeTo(Path target) {
		Path temporary = target.resolveSibling(target.getFileName() + ".new");
		try {
			Files.copy(this.original, temporary, StandardCopyOption.REPLACE_EXISTING);
			try (FileSystem jar = FileSystems.newFileSystem(temporary, STORED)) {
				if (this.withoutClasses) {
					delete(jar.getPath(CLASSES));
				}
				for (Map.Entry<String, byte[]> entry : this.entries.entrySet()) {
					Path path = jar.getPath(entry.getKey());
					Files.createDirectories(path.getParent());
					Files.write(path, entry.getValue());
				}
				if (!this.attributes.isEmpty()) {
					change(jar.getPath("META-INF/MANIFEST.MF"));
				}
			}
			Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		return new DaemonJar(target);
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

	private void change(Path file) throws IOException {
		Manifest manifest;
		try (InputStream in = Files.newInputStream(file)) {
			manifest = new Manifest(in);
		}
		this.attributes.forEach((name, value) -> manifest.getMainAttributes().put(new Attributes.Name(name), value));
		try (OutputStream out = Files.newOutputStream(file)) {
			manifest.write(out);
		}
	}

}
