package io.gozd.daemon;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Passes the successor's output on to where this process's goes, and keeps its last lines
 * to quote should it fail. It ends when the successor takes its own descriptors.
 */
final class OutputTail {

	private static final int LINES = 30;

	private static final int LINE_LENGTH = 500;

	private static final int STREAMS = 2;

	private final Deque<String> lines = new ArrayDeque<>();

	private final CountDownLatch ended = new CountDownLatch(STREAMS);

	static OutputTail of(Process process) {
		return of(process, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
	}

	/** Only the last lines: the rest is lost. */
	static OutputTail silent(Process process) {
		return of(process, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
	}

	private static OutputTail of(Process process, OutputStream output, OutputStream errors) {
		OutputTail tail = new OutputTail();
		tail.follow(process.getInputStream(), output);
		tail.follow(process.getErrorStream(), errors);
		return tail;
	}

	private void follow(InputStream from, OutputStream to) {
		Thread thread = new Thread(() -> {
			try (from) {
				copy(from, to);
			}
			catch (IOException ex) {
				// The successor is gone, or our own output is: nothing to pass on.
			}
			finally {
				this.ended.countDown();
			}
		}, "gozd-successor-output");
		thread.setDaemon(true);
		thread.start();
	}

	// The stream "to" stays open: it is the process's own. What it gets are whole lines:
	// others write there too.
	private void copy(InputStream from, OutputStream to) throws IOException {
		byte[] buffer = new byte[8192];
		int held = 0;
		StringBuilder line = new StringBuilder();
		try {
			for (int count; (count = from.read(buffer, held, buffer.length - held)) >= 0;) {
				keep(new String(buffer, held, count, Charset.defaultCharset()), line);
				held += count;
				int whole = (held < buffer.length) ? endOfLastLine(buffer, held) : held;
				to.write(buffer, 0, whole);
				System.arraycopy(buffer, whole, buffer, 0, held - whole);
				held -= whole;
			}
		}
		finally {
			to.write(buffer, 0, held);
		}
		if (!line.isEmpty()) {
			add(line);
		}
	}

	private static int endOfLastLine(byte[] buffer, int length) {
		int end = length;
		while (end > 0 && buffer[end - 1] != '\n') {
			end--;
		}
		return end;
	}

	private void keep(String text, StringBuilder line) {
		for (char c : text.toCharArray()) {
			if (c == '\n') {
				add(line);
			}
			else if (line.length() < LINE_LENGTH) {
				line.append(c);
			}
		}
	}

	private synchronized void add(StringBuilder line) {
		if (this.lines.size() == LINES) {
			this.lines.removeFirst();
		}
		this.lines.addLast(line.toString().stripTrailing());
		line.setLength(0);
	}

	/** The last lines of a successor that has ended; waits for them, but not long. */
	List<String> lastLines() {
		try {
			this.ended.await(1, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		synchronized (this) {
			return List.copyOf(this.lines);
		}
	}

}
