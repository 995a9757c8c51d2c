package io.gozd.it;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The daemons of one test, gone when the test is over.
 */
final class Daemons implements AutoCloseable {

	private final SuiteSettings settings;

	private final Path directory;

	private final List<DaemonProcess> started = new CopyOnWriteArrayList<>();

	/** Where the tests are interrupted, their daemons must not stay. */
	private final Thread atExit = new Thread(() -> this.started.forEach(DaemonProcess::close));

	Daemons(SuiteSettings settings) {
		this.settings = settings;
		Runtime.getRuntime().addShutdownHook(this.atExit);
		try {
			this.directory = Files.createTempDirectory("gozd-it").toRealPath();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	SuiteSettings settings() {
		return this.settings;
	}

	DaemonJar jar() {
		return new DaemonJar(this.settings.jar());
	}

	/**
	 * The jar of a sample.
	 */
	DaemonJar sample(String name) {
		return new DaemonJar(Path.of("..", name, "target", name + ".jar").toAbsolutePath().normalize());
	}

	/**
	 * The application of a sample on the server of the jar under test.
	 */
	DaemonJar sampleOnServerUnderTest(String name) {
		DaemonJar sample = sample(name);
		return sample.server().equals(jar().server()) ? sample
				: jar().variant().application(sample).writeTo(directory("sample").resolve(name + ".jar"));
	}

	/**
	 * A command of a daemon from the jar of a sample, without directives of its own.
	 */
	DaemonCommand command(String sample) {
		return command().jar(sample(sample)).withoutAddress();
	}

	/**
	 * A new directory of this test.
	 */
	Path directory(String prefix) {
		try {
			return Files.createTempDirectory(this.directory, prefix);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * A new directory that other users can read.
	 */
	Path openDirectory() {
		try {
			Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwx--x--x"));
			return Files.setPosixFilePermissions(directory("open"), PosixFilePermissions.fromString("rwxr-xr-x"));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	DaemonCommand command() {
		return new DaemonCommand(directory("daemon"), this.settings.java(), jar());
	}

	/**
	 * A command of a daemon with a jar of its own, which the test may replace.
	 */
	DaemonCommand commandWithOwnJar() {
		DaemonCommand command = command();
		return command.jar(jar().variant().writeTo(command.ownJar()));
	}

	DaemonProcess start() {
		return start(command());
	}

	DaemonProcess start(DaemonCommand command) {
		return launch(command).awaitServing();
	}

	DaemonProcess launch(DaemonCommand command) {
		DaemonProcess daemon = DaemonProcess.launch(command);
		this.started.add(daemon);
		return daemon;
	}

	/**
	 * What the daemons have written, for the report of a failed test.
	 */
	String outputs() {
		StringBuilder outputs = new StringBuilder();
		this.started.forEach((daemon) -> outputs.append(daemon.output().text()));
		return outputs.toString();
	}

	@Override
	public void close() {
		this.started.forEach(DaemonProcess::close);
		Runtime.getRuntime().removeShutdownHook(this.atExit);
		try (Stream<Path> files = Files.walk(this.directory, new FileVisitOption[0])) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(file);
			}
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

}
