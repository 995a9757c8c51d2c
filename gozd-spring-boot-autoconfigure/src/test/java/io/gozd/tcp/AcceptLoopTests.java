package io.gozd.tcp;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class AcceptLoopTests implements AcceptLoop.Connections {

	@RegisterExtension
	private final CapturedLog log = new CapturedLog();

	private final AcceptLoop loop = new AcceptLoop("The loop", 2, this);

	private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

	private final List<Long> failures = new CopyOnWriteArrayList<>();

	private final List<SocketChannel> taken = new CopyOnWriteArrayList<>();

	@AfterEach
	void end() throws IOException {
		this.loop.close();
		this.queue.add(new ClosedChannelException());
		for (SocketChannel channel : this.taken) {
			channel.close();
		}
	}

	@Test
	void pausesLongerEachTimeThatNothingCanBeAcceptedAndLosesNothing() throws Exception {
		for (int i = 0; i < 6; i++) {
			this.queue.add(new IOException("Too many open files"));
		}
		this.queue.add(SocketChannel.open());
		this.loop.start("test-loop");
		await().until(() -> this.taken.size() == 1);
		assertThat(this.failures).hasSize(6);
		assertThat(this.failures.get(5) - this.failures.get(4)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
		assertThat(this.log.messages(Level.WARN)).as("logged while the pauses grow").hasSize(5);
	}

	@Test
	void neitherAFaultNorALackOfMemoryEndsIt() throws Exception {
		this.queue.add(new OutOfMemoryError("unable to create native thread"));
		this.queue.add(new IllegalStateException("fault"));
		this.queue.add(SocketChannel.open());
		this.queue.add(SocketChannel.open());
		this.loop.start("test-loop");
		await().until(() -> this.taken.size() == 2);
	}

	@Test
	void takesNoMoreThanThereIsRoomFor() throws Exception {
		for (int i = 0; i < 4; i++) {
			this.queue.add(SocketChannel.open());
		}
		this.loop.start("test-loop");
		await().until(() -> this.log.messages(Level.WARN).size() == 1);
		assertThat(this.taken).hasSize(2);
		this.loop.ended();
		await().until(() -> this.taken.size() == 3);
		this.loop.ended();
		await().until(() -> this.taken.size() == 4);
		assertThat(this.log.messages(Level.WARN)).as("said once").hasSize(1);
	}

	@Override
	public SocketChannel next() throws IOException {
		try {
			Object next = this.queue.take();
			if (next instanceof SocketChannel channel) {
				return channel;
			}
			this.failures.add(System.nanoTime());
			if (next instanceof IOException failure) {
				throw failure;
			}
			if (next instanceof Error error) {
				throw error;
			}
			throw (RuntimeException) next;
		}
		catch (InterruptedException ex) {
			throw new ClosedChannelException();
		}
	}

	@Override
	public void take(SocketChannel channel) {
		this.taken.add(channel);
	}

}
