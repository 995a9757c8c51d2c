package benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The sample as it would be without the starter: its jar without gozd and without what
 * only gozd brought. The one interface that the sample names stays; nothing implements
 * it.
 */
final class PlainJar {

	private static final String LIBRARIES = "BOOT-INF/lib/";

	private static final Pattern BROUGHT_BY_STARTER = Pattern
		.compile(LIBRARIES + "(gozd|jnr|jffi|asm|jspecify)-.*\\.jar");

	/** What others want, too, each where that library is there. */
	private static final Map<String, Pattern> WANTED_BY = Map.of(LIBRARIES + "jetty-server-",
			Pattern.compile(LIBRARIES + "asm(-commons|-tree)?-\\d.*\\.jar"), LIBRARIES + "spring-boot-4.",
			Pattern.compile(LIBRARIES + "jspecify-.*\\.jar"));

	private static final String AUTOCONFIGURE = LIBRARIES + "gozd-spring-boot-autoconfigure-";

	private static final String INTERFACE = "io/gozd/daemon/Daemon.class";

	private PlainJar() {
	}

	static Path of(Path jar, Path target) throws IOException {
		try (ZipFile zip = new ZipFile(jar.toFile());
				ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
			List<Pattern> wanted = WANTED_BY.entrySet()
				.stream()
				.filter((library) -> zip.stream().anyMatch((entry) -> entry.getName().startsWith(library.getKey())))
				.map(Map.Entry::getValue)
				.toList();
			Enumeration<? extends ZipEntry> entries = zip.entries();
			while (entries.hasMoreElements()) {
				ZipEntry entry = entries.nextElement();
				try (InputStream in = zip.getInputStream(entry)) {
					if (entry.getName().startsWith(AUTOCONFIGURE)) {
						copyInterface(in, out);
					}
					if (!isBroughtByStarter(entry.getName(), wanted)) {
						copy(entry, in, out);
					}
				}
			}
		}
		return target;
	}

	private static boolean isBroughtByStarter(String name, List<Pattern> wantedByOthers) {
		return BROUGHT_BY_STARTER.matcher(name).matches()
				&& wantedByOthers.stream().noneMatch((wanted) -> wanted.matcher(name).matches());
	}

	private static void copyInterface(InputStream library, ZipOutputStream out) throws IOException {
		// Not closed: the stream is the caller's.
		ZipInputStream in = new ZipInputStream(library);
		for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
			if (entry.getName().equals(INTERFACE)) {
				copy(new ZipEntry("BOOT-INF/classes/" + INTERFACE), in, out);
				return;
			}
		}
		throw new IOException("No " + INTERFACE + " in the starter");
	}

	private static void copy(ZipEntry entry, InputStream in, ZipOutputStream out) throws IOException {
		// Nested jars must stay uncompressed; of the others the compressed size may
		// differ.
		ZipEntry copy = new ZipEntry(entry);
		if (copy.getMethod() != ZipEntry.STORED) {
			copy.setCompressedSize(-1);
		}
		out.putNextEntry(copy);
		in.transferTo(out);
		out.closeEntry();
	}

}
