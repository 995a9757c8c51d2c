package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Looks at a path all the time, as fast as it can, and notes each state that it sees.
 */
final class PathWatch implements AutoCloseable {

	static final String MISSING = "missing";

	private final Path path;

	private final Thread thread = new Thread(this::run, "path watch");

	private final SortedSet<String> states = new TreeSet<>();

	private long looks;

	private volatile boolean stopped;

	private PathWatch(Path path) {
		this.path = path;
	}

	static PathWatch of(Path path) {
		PathWatch watch = new PathWatch(path);
		watch.thread.setDaemon(true);
		watch.thread.start();
		return watch;
	}

	/**
	 * What the path is like at this moment: its mode with the kind of file, and its
	 * owner.
	 */
	static String state(Path path) {
		try {
			Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
			return Integer.toOctalString((Integer) attributes.get("mode")) + " " + attributes.get("uid") + ":"
					+ attributes.get("gid");
		}
		catch (NoSuchFileException ex) {
			return MISSING;
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private void run() {
		while (!this.stopped) {
			String state = state(this.path);
			synchronized (this) {
				this.states.add(state);
				this.looks++;
			}
		}
	}

	/**
	 * Returns what was seen, and begins anew.
	 */
	synchronized SortedSet<String> seen() {
		SortedSet<String> seen = new TreeSet<>(this.states);
		this.states.clear();
		return seen;
	}

	synchronized long looks() {
		return this.looks;
	}

	@Override
	public void close() {
		this.stopped = true;
	}

}
