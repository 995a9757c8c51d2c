package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.gozd.posix.Posix;
import io.gozd.posix.ProcessFile;
import org.jspecify.annotations.Nullable;

/**
 * The child's side of the command {@code start}: this process leaves the session of the
 * process that has started it, which is in a thread of its own beside the start of the
 * application, and its output, once it serves.
 */
final class Detachment {

	/** Names the process that waits for this one to serve. */
	static final String VARIABLE = "GOZD_START";

	private static final int STDERR = 2;

	/** It has had the whole start of the application for that. */
	private static final long LIMIT_SECONDS = 10;

	private final Supplier<Posix> posix;

	private final Path descriptors;

	private final List<Integer> outputs = new ArrayList<>();

	private final List<String> targets = new ArrayList<>();

	private final CompletableFuture<Void> session = new CompletableFuture<>();

	Detachment(Supplier<Posix> posix, Path descriptors) {
		this.posix = posix;
		this.descriptors = descriptors;
	}

	/**
	 * Read from the variable whether this process is to leave. Children of the
	 * application inherit the variable as well: it means only the process whose parent it
	 * names.
	 */
	static Optional<Detachment> of(@Nullable String variable, ProcessFile self, Supplier<Posix> posix) {
		try {
			if (variable != null && Long.parseLong(variable) == self.parent()) {
				return Optional.of(new Detachment(posix, self.directory().resolve("fd")));
			}
		}
		catch (IOException | NumberFormatException ex) {
			// Not for this process.
		}
		return Optional.empty();
	}

	/** Begin to leave. */
	void begin() {
		for (int output = 1; output <= STDERR; output++) {
			this.outputs.add(output);
			this.targets.add(target(output));
		}
		Thread thread = new Thread(this::beginSession, "gozd-session");
		thread.setDaemon(true);
		thread.start();
	}

	private void beginSession() {
		try {
			this.posix.get().beginSession();
			this.session.complete(null);
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			this.session.completeExceptionally(ex);
		}
	}

	/**
	 * Have left, when this returns. Output that goes elsewhere by now, to a log file say,
	 * stays there.
	 * @throws IOException if this process can't leave
	 */
	void complete() throws IOException {
		try {
			this.session.get(LIMIT_SECONDS, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			throw new IOException("This process can't have a session of its own: " + ex.getCause().getMessage(), ex);
		}
		catch (TimeoutException ex) {
			throw new IOException("This process can't have a session of its own: setsid(2) takes too long", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while this process leaves the session of its parent", ex);
		}
		for (int output : this.outputs) {
			if (target(output).equals(this.targets.get(output - 1))) {
				this.posix.get().discard(output);
			}
		}
	}

	private String target(int descriptor) {
		try {
			return Files.readSymbolicLink(this.descriptors.resolve(Integer.toString(descriptor))).toString();
		}
		catch (IOException ex) {
			// Closed, it leads nowhere already.
			return "";
		}
	}

}
