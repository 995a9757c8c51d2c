package io.gozd.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.gozd.posix.ProcessControl;
import io.gozd.resident.ResidentParent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the first process of a daemon whose supervisor wants one pid that
 * stays, as a container does: when its drain is over it goes on as a small JVM that only
 * passes signals on and waits for its children.
 */
final class Residence {

	private static final Log logger = LogFactory.getLog(Residence.class);

	private static final List<String> CLASSES = List.of("ResidentParent", "RunFiles", "WaitingSignals", "Children",
			"Children$1");

	private static final List<String> WITHOUT = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS",
			HandoverAddress.VARIABLE);

	private final RunDirectory runDirectory;

	private final @Nullable Logfile logfile;

	private final boolean init;

	private final Supplier<ProcessControl> control;

	/** Their bytes, by their names: what cleans temporary files up may delete them. */
	private final Map<String, byte[]> classes = new TreeMap<>();

	/**
	 * Create it; nothing is changed yet.
	 * @param runDirectory where its classes are copied to
	 * @param logfile where the output of this process goes, or null for where it has
	 * always gone
	 * @param init whether this is pid 1
	 * @param control changes this process
	 */
	Residence(RunDirectory runDirectory, @Nullable Logfile logfile, boolean init, Supplier<ProcessControl> control) {
		this.runDirectory = runDirectory;
		this.logfile = logfile;
		this.init = init;
		this.control = control;
	}

	/** Make ready for it, while the jar is sure to be there. */
	void prepare() {
		try {
			load();
			extract();
		}
		catch (IOException ex) {
			leave();
			throw new DaemonException("The process can't stay for gozd.resident: " + ex.getMessage(),
					"Set gozd.resident=false, or gozd.run-directory to a directory that can be written");
		}
	}

	/**
	 * Be the parent of later generations from now on, and not before: the orphans of the
	 * application's own children are nobody's here who waits for them.
	 */
	void adoptOrphans() {
		try {
			// Loaded now, while there is the memory for it.
			ProcessControl control = this.control.get();
			if (!this.init) {
				// Else they are its own anyway.
				control.adoptOrphans();
			}
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			logger.error("This process ends with its successor, and not with the daemon: " + ex.getMessage());
		}
	}

	/** Leave nothing behind: this process does not stay. */
	void leave() {
		try {
			this.runDirectory.leaveResident();
		}
		catch (IOException ex) {
			logger.warn("Files are left in " + this.runDirectory.resident(), ex);
		}
	}

	private void load() throws IOException {
		for (String name : CLASSES) {
			try (InputStream bytes = ResidentParent.class.getResourceAsStream(name + ".class")) {
				if (bytes == null) {
					throw new IOException("the class " + name + " is missing");
				}
				this.classes.put(name, bytes.readAllBytes());
			}
		}
	}

	/** The class path of a fat jar has only Spring Boot's loader at its top. */
	private void extract() throws IOException {
		if (!Files.isDirectory(this.runDirectory.path(), LinkOption.NOFOLLOW_LINKS)) {
			// Whoever makes it anew in /tmp may be somebody else.
			throw new IOException("the run directory " + this.runDirectory.path() + " is gone");
		}
		String folder = ResidentParent.class.getPackageName().replace('.', '/');
		Path directory = Files.createDirectories(this.runDirectory.resident().resolve(folder));
		for (Map.Entry<String, byte[]> entry : this.classes.entrySet()) {
			Files.write(directory.resolve(entry.getKey() + ".class"), entry.getValue());
		}
	}

	/**
	 * Go on as the small process; does not return unless that fails.
	 * @param exitCode the code to end with where the daemon has ended already
	 */
	void stay(int exitCode) {
		logger.info("This process stays as the parent of the daemon, without an application");
		try {
			if (this.logfile != null) {
				// Which is moved away and deleted some day, and nobody would tell it.
				this.logfile.giveBack();
			}
			extract();
			Path java = Path.of(System.getProperty("java.home"), "bin", "java");
			this.control.get().replace(java, arguments(java, exitCode), environment(), ResidentParent.signals());
		}
		catch (IOException | RuntimeException | LinkageError | OutOfMemoryError ex) {
			logger.error("This process can't become a small one: it stays as it is, until the daemon ends", ex);
		}
	}

	/**
	 * With -Xrs, or the JVM would take the signals that wait for this program; without a
	 * compiler, which it has nothing for to do.
	 */
	private List<String> arguments(Path java, int exitCode) {
		List<String> arguments = new ArrayList<>(List.of(java.toString(), "-Xrs", "-Xmx8m", "-Xss256k",
				"-XX:+UseSerialGC", "-Xint", "-XX:ReservedCodeCacheSize=4m", "-XX:-UsePerfData", "-Xshare:auto",
				"--add-opens=java.base/java.lang=ALL-UNNAMED"));
		arguments.addAll(List.of("-cp", this.runDirectory.resident().toString(), ResidentParent.class.getName(),
				this.runDirectory.path().toString(), Boolean.toString(this.runDirectory.temporary()),
				Integer.toString(exitCode)));
		return arguments;
	}

	/** Options for the application's JVM, its heap say, are not for this one. */
	private static Map<String, String> environment() {
		Map<String, String> environment = new TreeMap<>(System.getenv());
		WITHOUT.forEach(environment::remove);
		return environment;
	}

}
