package io.gozd.resident;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * The children of this process, those that it has inherited too: the JDK waits for a
 * process that it did not start itself only behind its doors, which the command line of
 * this JVM opens.
 */
final class Children {

	private static final int KEPT = 100;

	private static final Path TASKS = Path.of("/proc/self/task");

	private final Method completion;

	private final Map<Long, CompletableFuture<Integer>> awaited = new HashMap<>();

	/** The last of them, generations and others. */
	private final Map<Long, Integer> ended = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
			return size() > KEPT;
		}

	};

	Children() throws ReflectiveOperationException {
		this.completion = Class.forName("java.lang.ProcessHandleImpl")
			.getDeclaredMethod("completion", long.class, boolean.class);
		this.completion.setAccessible(true);
	}

	/** Wait for all that have ended. */
	void reap() {
		for (long pid : pids()) {
			this.awaited.computeIfAbsent(pid, this::await);
		}
		for (Iterator<Map.Entry<Long, CompletableFuture<Integer>>> each = this.awaited.entrySet().iterator(); each
			.hasNext();) {
			Map.Entry<Long, CompletableFuture<Integer>> child = each.next();
			if (child.getValue().isDone()) {
				this.ended.put(child.getKey(), child.getValue().join());
				each.remove();
			}
		}
	}

	/** Whether one of them is a child whose exit code has not arrived yet. */
	boolean awaitsAny(Set<Long> pids) {
		return this.awaited.keySet().stream().anyMatch(pids::contains);
	}

	/**
	 * The exit code of a child that has ended: 128 and the signal, where it was one. Of
	 * the last that has, where that was another's child: its parent ends as it has.
	 * @param pid the child
	 * @param others those that count in its place
	 */
	Optional<Integer> exitCode(long pid, Set<Long> others) {
		Integer code = this.ended.get(pid);
		if (code == null) {
			for (Map.Entry<Long, Integer> last : this.ended.entrySet()) {
				code = others.contains(last.getKey()) ? last.getValue() : code;
			}
		}
		return Optional.ofNullable(code);
	}

	@SuppressWarnings("unchecked")
	private CompletableFuture<Integer> await(long pid) {
		try {
			return (CompletableFuture<Integer>) this.completion.invoke(null, pid, true);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Set<Long> pids() {
		Set<Long> pids = new TreeSet<>();
		try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
			for (Path task : tasks) {
				String text = Files.readString(task.resolve("children")).strip();
				for (String pid : text.split(" ")) {
					if (!pid.isEmpty()) {
						pids.add(Long.valueOf(pid));
					}
				}
			}
		}
		catch (IOException | DirectoryIteratorException ex) {
			// A kernel without that file, or a thread that has just ended.
			ProcessHandle.current().children().forEach((child) -> pids.add(child.pid()));
		}
		return pids;
	}

}
