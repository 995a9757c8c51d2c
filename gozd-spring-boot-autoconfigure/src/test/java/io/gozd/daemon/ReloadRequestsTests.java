package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.gozd.handover.Incumbent;
import io.gozd.handover.IncumbentActions;
import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.posix.FakeUnixConnection;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * As the incumbent of generation 2, whose reloads are done in an instant.
 */
final class ReloadRequestsTests {

	private static final Message WATCH = Message.of(Message.WATCH);

	private final Loop loop = new Loop();

	private final Reloads reloads = new Reloads(2, Clock.systemUTC());

	private final IncumbentActions actions = mock(IncumbentActions.class);

	private final Incumbent incumbent = new Incumbent(this.actions);

	private Tenure tenure;

	private ReloadRequests requests;

	@BeforeEach
	void create() throws IOException {
		DaemonFiles files = new DaemonFiles(new RunDirectory(Path.of("run"), false), null, null, 2, 4711);
		this.tenure = new Tenure("shop", files, mock(Application.class), this.incumbent, this.reloads,
				Clock.systemUTC());
		this.requests = new ReloadRequests(this.reloads, this.tenure, this.incumbent, null, this.loop);
		willAnswer((call) -> {
			this.reloads.begin();
			throw new IOException("no jar");
		}).given(this.actions).startSuccessor();
		willAnswer((call) -> {
			this.reloads.failed(call.getArgument(0), "");
			return null;
		}).given(this.actions).reloadFailed(any());
		willAnswer((call) -> {
			this.reloads.refuse(call.getArgument(0));
			return null;
		}).given(this.actions).ignored(any());
		willAnswer((call) -> {
			this.reloads.succeeded();
			return null;
		}).given(this.actions).release();
	}

	@Test
	void aReloadIsDoneAndItsEndIsTold() throws IOException {
		this.loop.execute(() -> this.tenure.begin(false));
		List<Message> answers = answers(WATCH);
		assertThat(answers).extracting(Message::type).containsExactly(Message.PROGRESS, Message.NOT_RELOADED);
		assertThat(answers.get(1).field("reason")).isEqualTo("no jar");
	}

	@Test
	void whoAsksAgainGetsTheAnswerOfTheReloadThatHasEndedMeanwhile() throws IOException {
		this.loop.execute(() -> {
			this.tenure.begin(false);
			this.tenure.reload(null);
		});
		assertThat(answers(WATCH.with("generation", 2))).extracting(Message::type)
			.containsExactly(Message.NOT_RELOADED);
	}

	@Test
	void whoAsksAgainIsGivenAReloadWhereNoneHasBegun() throws IOException {
		this.loop.execute(() -> this.tenure.begin(false));
		assertThat(answers(WATCH.with("generation", 2))).extracting(Message::type)
			.containsExactly(Message.PROGRESS, Message.NOT_RELOADED);
	}

	@Test
	void whoseReloadHasBroughtThisGenerationIsToldSo() throws IOException {
		this.loop.execute(() -> this.tenure.begin(false));
		assertThat(answers(WATCH.with("generation", 1)))
			.containsExactly(Message.of(Message.RELOADED).with("generation", 2));
	}

	@Test
	void whoComesBeforeTheApplicationIsReadyWaitsForIt() throws Exception {
		FakeUnixConnection connection = new FakeUnixConnection();
		FutureTask<Void> waiting = new FutureTask<>(() -> {
			this.requests.answer(WATCH, new MessageChannel(connection, 0, (descriptor) -> {
			}));
			return null;
		});
		new Thread(waiting).start();
		Awaitility.await().until(() -> connection.sent().length > 0);
		this.loop.execute(() -> this.tenure.begin(false));
		waiting.get(10, TimeUnit.SECONDS);
		List<Message> answers = received(connection);
		assertThat(answers.get(0).field("step")).startsWith("The application starts still");
		assertThat(answers).extracting(Message::type)
			.containsExactly(Message.PROGRESS, Message.PROGRESS, Message.NOT_RELOADED);
	}

	@Test
	void aGenerationThatHasBeenReplacedSendsOn() throws IOException {
		willAnswer((call) -> {
			this.reloads.begin();
			return null;
		}).given(this.actions).startSuccessor();
		this.loop.execute(() -> {
			this.tenure.begin(false);
			this.tenure.reload(null);
			this.incumbent.hello();
			this.incumbent.prepared();
			this.incumbent.accepting();
			this.incumbent.timeout(Incumbent.Timer.PROBATION);
		});
		assertThat(answers(WATCH)).containsExactly(Message.of(Message.MOVED));
	}

	@Test
	void aDaemonThatTerminatesSaysSo() throws IOException {
		this.loop.execute(() -> {
			this.tenure.begin(false);
			this.incumbent.terminate();
		});
		assertThat(answers(WATCH))
			.containsExactly(Message.of(Message.NOT_RELOADED, "This daemon terminates: no reload"));
	}

	@Test
	void whoHasLeftBeginsNoReload() throws Exception {
		CountDownLatch hangs = new CountDownLatch(1);
		this.loop.execute(() -> {
			this.tenure.begin(false);
			await(hangs);
		});
		Thread.currentThread().interrupt();
		assertThat(answers(WATCH)).isEmpty();
		assertThat(Thread.interrupted()).isTrue();
		hangs.countDown();
		FutureTask<Void> later = new FutureTask<>(() -> null);
		this.loop.execute(later);
		later.get(10, TimeUnit.SECONDS);
		then(this.actions).should(never()).startSuccessor();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void aGenerationThatIsNoNumberIsRefused() {
		assertThatIOException().isThrownBy(() -> answers(WATCH.with("generation", "x")));
	}

	private List<Message> answers(Message request) throws IOException {
		FakeUnixConnection connection = new FakeUnixConnection();
		this.requests.answer(request, new MessageChannel(connection, 0, (descriptor) -> {
		}));
		return received(connection);
	}

	private static List<Message> received(FakeUnixConnection sender) throws IOException {
		FakeUnixConnection reader = new FakeUnixConnection();
		reader.give(sender.sent());
		MessageChannel channel = new MessageChannel(reader, 0, (descriptor) -> {
		});
		List<Message> messages = new ArrayList<>();
		for (int i = 0; i < sender.sentDescriptors().size(); i++) {
			messages.add(channel.receive());
		}
		return messages;
	}

}
