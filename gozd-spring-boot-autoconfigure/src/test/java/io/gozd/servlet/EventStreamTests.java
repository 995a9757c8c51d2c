package io.gozd.servlet;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.gozd.drain.EventStreams;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

final class EventStreamTests {

	private final EventStreams streams = new EventStreams(Duration.ofSeconds(1));

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private EventStream stream;

	@BeforeEach
	void startStream() {
		this.request.setAsyncSupported(true);
		this.stream = new EventStream(this.request, this.response, this.streams);
	}

	@Test
	void aStreamThatIsFlushedEndsAtOnce() throws IOException {
		this.request.startAsync();
		event("data: 1\n\n");
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).as("whether it goes on").isFalse();
	}

	@Test
	void aStreamToWhichNothingWasWrittenEndsAtOnce() {
		this.request.startAsync();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

	@Test
	void anEventThatIsBeingWrittenBecomesWholeFirst() throws IOException {
		this.request.startAsync();
		event("data: 1\n\n");
		write("data: ");
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).as("between two parts of an event").isTrue();
		write("2\n\n");
		assertThat(this.request.isAsyncStarted()).as("before the flush").isTrue();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).as("before the flush").isTrue();
		flush();
		flush();
		assertThat(this.request.isAsyncStarted()).as("who wrote it hears no failure").isTrue();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).as("when the drain asks again").isFalse();
		assertThat(this.response.getContentAsString()).isEqualTo("data: 1\n\ndata: 2\n\n");
	}

	@Test
	void aFlushWithinAnEventIsNoEnd() throws IOException {
		this.request.startAsync();
		event("data: 1\n\n");
		for (String part : List.of("data:", "{}", "\n")) {
			event(part);
			this.streams.end();
			assertThat(this.request.isAsyncStarted()).as("within an event").isTrue();
		}
		event("\n");
		assertThatExceptionOfType(EventStreamEndedException.class).isThrownBy(() -> write("data: 3\n\n"));
		assertThat(this.request.isAsyncStarted()).isFalse();
		assertThat(this.response.getContentAsString()).isEqualTo("data: 1\n\ndata:{}\n\n");
	}

	@Test
	void aStreamWhoseThreadIsStuckInAWriteDoesNotHoldTheDrainUp() throws Exception {
		this.request.startAsync();
		Object peer = new Object();
		Thread writer = new Thread(() -> {
			try {
				this.stream.write(() -> {
					synchronized (peer) {
						this.request.setAttribute("written", true);
					}
				});
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
		synchronized (peer) {
			writer.start();
			await().until(() -> writer.getState() == Thread.State.BLOCKED);
			this.streams.end();
			assertThat(this.request.isAsyncStarted()).isTrue();
		}
		writer.join(10_000);
		flush();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

	@Test
	void aLockOfTheApplicationThatIsHeldForAWriteIsNoDeadlock() throws Exception {
		ReentrantLock sending = new ReentrantLock();
		AsyncContext async = this.request.startAsync();
		event("data: 1\n\n");
		CountDownLatch told = new CountDownLatch(1);
		CountDownLatch sends = new CountDownLatch(1);
		CountDownLatch refused = new CountDownLatch(1);
		async.addListener(new Ended(() -> {
			told.countDown();
			await().untilAsserted(() -> assertThat(sends.getCount()).isZero());
			sending.lock();
			sending.unlock();
		}));
		Thread writer = new Thread(() -> {
			sending.lock();
			try {
				sends.countDown();
				await().untilAsserted(() -> assertThat(told.getCount()).isZero());
				assertThatIOException().isThrownBy(() -> write("data: 2\n\n"));
				refused.countDown();
			}
			finally {
				sending.unlock();
			}
		});
		Thread drain = new Thread(this.streams::end);
		writer.start();
		drain.start();
		drain.join(10_000);
		writer.join(10_000);
		assertThat(drain.isAlive()).as("a drain that waits for the writer").isFalse();
		assertThat(writer.isAlive()).as("a writer that waits for the drain").isFalse();
		assertThat(refused.getCount()).as("writes that were not refused").isZero();
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

	@Test
	void anEndThatTheContainerTellsWithinItsMonitorIsNoDeadlock() throws Exception {
		this.request.startAsync();
		Object monitor = new Object();
		CountDownLatch writes = new CountDownLatch(1);
		CountDownLatch tells = new CountDownLatch(1);
		FutureTask<Void> write = new FutureTask<>(() -> {
			this.stream.write(() -> {
				writes.countDown();
				await().untilAsserted(() -> assertThat(tells.getCount()).isZero());
				synchronized (monitor) {
					throw new IOException("The client does not read");
				}
			});
			return null;
		});
		Thread writer = new Thread(write);
		Thread container = new Thread(() -> {
			synchronized (monitor) {
				tells.countDown();
				this.stream.onComplete(new AsyncEvent(this.request.getAsyncContext()));
			}
		});
		writer.start();
		assertThat(writes.await(10, TimeUnit.SECONDS)).isTrue();
		container.start();
		container.join(10_000);
		writer.join(10_000);
		assertThat(container.isAlive()).as("a container that waits for the writer").isFalse();
		assertThat(writer.isAlive()).as("a writer that waits for the container").isFalse();
		assertThat(write).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("does not read");
	}

	@Test
	void anEndThatTheContainerTellsWhileTheDrainEndsTheStreamIsNoDeadlock() throws Exception {
		Object monitor = new Object();
		CountDownLatch completes = new CountDownLatch(1);
		CountDownLatch tells = new CountDownLatch(1);
		this.request.setAsyncContext(new MockAsyncContext(this.request, this.response) {
			@Override
			public void complete() {
				completes.countDown();
				await().untilAsserted(() -> assertThat(tells.getCount()).isZero());
				synchronized (monitor) {
					throw new IllegalStateException("It is complete");
				}
			}
		});
		this.request.setAsyncStarted(true);
		event("data: 1\n\n");
		Thread drain = new Thread(this.streams::end);
		drain.start();
		assertThat(completes.await(10, TimeUnit.SECONDS)).isTrue();
		Thread container = new Thread(() -> {
			synchronized (monitor) {
				tells.countDown();
				this.stream.onComplete(new AsyncEvent(this.request.getAsyncContext()));
			}
		});
		container.start();
		container.join(10_000);
		drain.join(10_000);
		assertThat(container.isAlive()).as("a container that waits for the drain").isFalse();
		assertThat(drain.isAlive()).as("a drain that waits for the container").isFalse();
	}

	@Test
	void aStreamWhoseWriteFailedIsCompleted() {
		this.request.startAsync();
		assertThatIOException().isThrownBy(() -> this.stream.write(() -> {
			throw new IOException("Idle timeout expired");
		}));
		assertThat(this.request.isAsyncStarted()).as("before its end").isTrue();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

	@Test
	void whatIsWrittenAfterTheEndFailsAndDoesNotArrive() throws IOException {
		this.request.startAsync();
		event("data: 1\n\n");
		this.streams.end();
		assertThatIOException().isThrownBy(() -> write("data: 2\n\n")).withMessageContaining("drains");
		assertThatIOException().isThrownBy(this::flush);
		assertThat(this.response.getContentAsString()).isEqualTo("data: 1\n\n");
	}

	@Test
	void aStreamThatWasToldToEndBeforeItBecameAsynchronousEndsWithItsChain() {
		this.streams.end();
		this.request.startAsync();
		assertThat(this.request.isAsyncStarted()).isTrue();
		this.stream.chainEnded();
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

	@Test
	void aStreamThatWasToldToEndBeforeItBecameAsynchronousEndsWhenTheDrainAsksAgain() {
		this.streams.end();
		this.request.startAsync();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

	@Test
	void aStreamThatWasToldToEndBeforeItBecameAsynchronousEndsWithItsNextWrite() {
		this.streams.end();
		this.request.startAsync();
		assertThatExceptionOfType(EventStreamEndedException.class).isThrownBy(() -> write("data: 1\n\n"));
		assertThat(this.request.isAsyncStarted()).isFalse();
	}

	@Test
	void theNextWriteOfTheThreadOfTheRequestFails() throws IOException {
		event("data: 1\n\n");
		this.streams.end();
		assertThatExceptionOfType(EventStreamEndedException.class).isThrownBy(() -> write("data: 2\n\n"));
		assertThatExceptionOfType(EventStreamEndedException.class).isThrownBy(this::flush);
		this.stream.chainEnded();
		assertThat(this.response.getContentAsString()).isEqualTo("data: 1\n\n");
	}

	@Test
	void theThreadOfTheRequestWritesItsEventToTheEndFirst() throws IOException {
		event("data: 1\n\n");
		event("data: ");
		this.streams.end();
		write("2\n\n");
		this.streams.end();
		flush();
		assertThatExceptionOfType(EventStreamEndedException.class).isThrownBy(() -> write("data: 3\n\n"));
		assertThat(this.response.getContentAsString()).isEqualTo("data: 1\n\ndata: 2\n\n");
	}

	@Test
	void anAnswerThatWasNotCommittedIsCommittedBeforeAWriteFails() {
		this.streams.end();
		assertThat(this.response.isCommitted()).isFalse();
		assertThatExceptionOfType(EventStreamEndedException.class).isThrownBy(() -> write("data: 1\n\n"));
		assertThat(this.response.isCommitted()).as("nobody can make an error of it").isTrue();
		assertThat(this.response.getContentAsByteArray()).isEmpty();
	}

	@Test
	void anAnswerThatIsOverIsNotTouchedWhenAWriteFails() {
		this.stream.chainEnded();
		assertThatExceptionOfType(EventStreamEndedException.class).isThrownBy(() -> write("data: 1\n\n"));
		assertThat(this.response.isCommitted()).isFalse();
	}

	@Test
	void aDispatchOfAnAsynchronousRequestIsNotEnded() throws IOException {
		this.request.startAsync();
		event("data: 1\n\n");
		this.stream.chainEnded();
		this.request.setAsyncStarted(false);
		this.streams.end();
		event("data: 2\n\n");
		assertThat(this.response.getContentAsString()).isEqualTo("data: 1\n\ndata: 2\n\n");
	}

	@Test
	void aStreamThatTheContainerCallsIsNotEndedWhateverItWasTold() throws IOException {
		this.streams.end();
		this.request.startAsync();
		this.stream.doNotBlock();
		event("data: 1\n\n");
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isTrue();
	}

	@Test
	void whatIsNotAsynchronousIsForgottenWhenItsThreadIsDone() throws IOException {
		event("data: 1\n\n");
		this.stream.chainEnded();
		this.request.startAsync();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).as("a later use of the same request object").isTrue();
	}

	@Test
	void aStreamThatTheApplicationCompletedIsForgotten() throws IOException {
		this.request.startAsync();
		event("data: 1\n\n");
		this.stream.chainEnded();
		this.request.getAsyncContext().complete();
		this.request.startAsync();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).as("a later use of the same request object").isTrue();
		assertThatIOException().isThrownBy(() -> write("data: 2\n\n"));
	}

	@Test
	void aStreamThatTimedOutIsLeftToTheApplication() throws IOException {
		this.request.startAsync();
		event("data: 1\n\n");
		this.stream.chainEnded();
		assertThat(((MockAsyncContext) this.request.getAsyncContext()).getListeners()).containsExactly(this.stream);
		this.stream.onTimeout(null);
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isTrue();
		event("data: bye\n\n");
		assertThat(this.response.getContentAsString()).endsWith("data: bye\n\n");
	}

	@Test
	void aStreamIsAskedToCompleteOnlyOnce() throws IOException {
		this.request.startAsync();
		event("data: 1\n\n");
		this.streams.end();
		this.request.startAsync();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isTrue();
	}

	private void event(String text) throws IOException {
		write(text);
		flush();
	}

	private void write(String text) throws IOException {
		this.stream.write(() -> {
			this.response.getWriter().write(text);
			text.chars().forEach(this.stream.boundary()::next);
		});
	}

	private void flush() throws IOException {
		this.stream.flush(() -> this.response.getWriter().flush());
	}

	private record Ended(Runnable told) implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
			this.told.run();
		}

		@Override
		public void onTimeout(AsyncEvent event) {
		}

		@Override
		public void onError(AsyncEvent event) {
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
		}

	}

}
