package io.gozd.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipFile;

import io.gozd.posix.ProcessFile;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What can be known before a successor is started: whether its jar is there and whole,
 * and whether there is memory for another process like this one.
 */
final class SuccessorChecks {

	/** A fresh JVM needs less than one that has served; half is a lower bound. */
	private static final int SHARE_OF_OWN_MEMORY = 2;

	private static final List<String> CGROUP_AVAILABLE = List.of("/sys/fs/cgroup/memory.max",
			"/sys/fs/cgroup/memory.current");

	private static final Set<String> RECLAIMABLE = Set.of("active_file", "inactive_file", "slab_reclaimable");

	private static final Log logger = LogFactory.getLog(SuccessorChecks.class);

	private SuccessorChecks() {
	}

	static void check(CommandLine commandLine, boolean nativeLoaded, boolean stays) throws IOException {
		if (!Files.isDirectory(commandLine.directory())) {
			throw new IOException("The working directory " + commandLine.directory() + " is gone");
		}
		if (!stays) {
			Surroundings.check();
		}
		for (Map.Entry<Path, FileStamp> entry : commandLine.classPath().entrySet()) {
			Path file = commandLine.directory().resolve(entry.getKey());
			checkJar(file);
			if (FileStamp.of(file).overwrites(entry.getValue())) {
				checkOverwritten(file, nativeLoaded);
			}
		}
		checkMemory();
	}

	private static void checkOverwritten(Path file, boolean nativeLoaded) throws IOException {
		String fact = file + " was overwritten in place (cp?) while this process runs from it";
		if (!nativeLoaded) {
			throw new IOException(fact + ": it has lost the classes that a reload needs. Restart it, and use mv or a"
					+ " symbolic link next time");
		}
		logger.warn(fact + ": what it still serves may fail. Use mv or a symbolic link");
	}

	private static void checkJar(Path file) throws IOException {
		if (!Files.exists(file)) {
			throw new IOException(file + " is missing");
		}
		if (!Files.isReadable(file)) {
			throw new IOException(file + " can't be read by this user");
		}
		// The directory of a jar stands at its end: a file half copied has none.
		try (ZipFile jar = new ZipFile(file.toFile())) {
			if (jar.size() == 0) {
				throw new IOException("it is empty");
			}
		}
		catch (IOException ex) {
			throw new IOException(file + " is not a whole jar: " + ex.getMessage(), ex);
		}
	}

	private static void checkMemory() throws IOException {
		Optional<Long> own = ProcessFile.self().status("VmRSS", 10);
		Optional<Long> available = availableKibibytes();
		if (own.isPresent() && available.isPresent() && available.get() < own.get() / SHARE_OF_OWN_MEMORY) {
			throw new IOException("There is no memory for a successor: " + available.get() / 1024
					+ " MiB are available, this process has " + own.get() / 1024 + " MiB");
		}
	}

	private static Optional<Long> availableKibibytes() {
		Optional<Long> machine = meminfo("MemAvailable");
		try {
			// Within a container only these two files tell; "max" means no limit.
			String max = Files.readString(Path.of(CGROUP_AVAILABLE.get(0))).trim();
			String current = Files.readString(Path.of(CGROUP_AVAILABLE.get(1))).trim();
			long free = (Long.parseLong(max) - Long.parseLong(current) + reclaimable()) / 1024;
			return Optional.of(Math.min(free, machine.orElse(Long.MAX_VALUE)));
		}
		catch (IOException | NumberFormatException ex) {
			return machine;
		}
	}

	/**
	 * What the kernel takes back before it lets a process fail (memory.stat in cgroups).
	 */
	private static long reclaimable() throws IOException {
		long bytes = 0;
		for (String line : Files.readAllLines(Path.of("/sys/fs/cgroup/memory.stat"))) {
			if (RECLAIMABLE.contains(line.substring(0, line.indexOf(' ')))) {
				bytes += Long.parseLong(line.substring(line.indexOf(' ') + 1).trim());
			}
		}
		return bytes;
	}

	private static Optional<Long> meminfo(String key) {
		try {
			for (String line : Files.readAllLines(Path.of("/proc/meminfo"), StandardCharsets.ISO_8859_1)) {
				if (line.startsWith(key + ":")) {
					return Optional.of(Long.parseLong(line.replaceAll("\\D", "")));
				}
			}
		}
		catch (IOException ex) {
			// Not told: not checked.
		}
		return Optional.empty();
	}

}
