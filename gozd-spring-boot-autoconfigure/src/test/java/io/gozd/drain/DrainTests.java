package io.gozd.drain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class DrainTests {

	private static final Duration LONG = Duration.ofMinutes(15);

	/** How long a queue is looked at before its listener is closed. */
	private static final Duration QUIET = Duration.ofMillis(100);

	private static final Duration SHORT = Duration.ofMillis(150);

	private final Endpoints endpoints = new Endpoints();

	private final BlockingQueue<DrainReport> reports = new LinkedBlockingQueue<>();

	@Test
	void aHandoverAsksPeersToGoAndWaitsForTheLastConnection() throws Exception {
		FakeEndpoint endpoint = endpoint(2);
		start(DrainCause.HANDOVER, LONG);
		awaitCalls(endpoint, "remind", 2);
		endpoint.closed(1);
		awaitCalls(endpoint, "remind", 4);
		assertThat(this.reports).isEmpty();
		endpoint.closed(1);
		assertThat(report().cut()).isZero();
		assertThat(endpoint.calls()).startsWith("draining true")
			.doesNotContain("closeIdle", "closeAll", "closeListener", "stopAccepting", "refuseNewcomers", "quiet");
	}

	@Test
	void aTerminationServesTheQueueBeforeItClosesTheListener() throws Exception {
		FakeEndpoint endpoint = endpoint(0);
		endpoint.queue(true, true, true);
		start(DrainCause.TERMINATE, LONG);
		awaitCalls(endpoint, "closeListener", 1);
		assertThat(endpoint.calls()).startsWith("draining true", "refuseNewcomers", "served");
		assertThat(endpoint.listenerCalls())
			.startsWith("refuseNewcomers", "served", "served", "served", "quiet", "quiet")
			.endsWith("quiet", "closeListener")
			.containsOnlyOnce("refuseNewcomers", "closeListener");
		assertThat(endpoint.wasQuiet()).isGreaterThanOrEqualTo(QUIET);
		assertThat(endpoint.openConnections()).isEqualTo(3);
		endpoint.closed(3);
		assertThat(report().cut()).isZero();
	}

	@Test
	void aConnectionBetweenTwoLooksMakesTheQueueQuietAnewForAsLong() throws Exception {
		FakeEndpoint endpoint = endpoint(-1);
		endpoint.queue(false, true, false);
		start(DrainCause.TERMINATE, LONG);
		report();
		assertThat(endpoint.listenerCalls()).startsWith("refuseNewcomers", "quiet", "served", "quiet", "quiet")
			.endsWith("quiet", "closeListener");
		assertThat(endpoint.wasQuiet()).isGreaterThanOrEqualTo(QUIET);
	}

	@Test
	void aQuietListenerIsClosedWhileAnotherStillServesItsQueue() throws Exception {
		FakeEndpoint quiet = endpoint(0);
		FakeEndpoint busy = endpoint(-1);
		boolean[] queue = new boolean[10_000];
		Arrays.fill(queue, true);
		busy.queue(queue);
		Drain drain = start(DrainCause.TERMINATE, LONG);
		await().until(() -> quiet.calls().contains("closeListener"));
		assertThat(busy.calls()).doesNotContain("closeListener");
		drain.endNow();
		report();
		assertThat(busy.calls()).contains("closeListener");
	}

	@Test
	void everythingElseGoesOnWhileQueuesAreServed() throws Exception {
		FakeEndpoint busy = endpoint(-10_000);
		boolean[] queue = new boolean[10_000];
		Arrays.fill(queue, true);
		busy.queue(queue);
		FakeEndpoint other = endpoint(2);
		exchanges(Duration.ZERO, other);
		Drain drain = start(DrainCause.TERMINATE, LONG);
		awaitCalls(busy, "served", 2);
		awaitCalls(other, "remind", 2);
		await().until(() -> other.openConnections() == 1);
		drain.hurry();
		awaitCalls(other, "closeIdle", 1);
		int served = count(busy, "served");
		awaitCalls(busy, "served", served + 1);
		assertThat(busy.calls()).contains("remind", "closeIdle").doesNotContain("closeListener");
		assertThat(this.reports).isEmpty();
		drain.endNow();
		report();
	}

	@Test
	void whatTheSuccessorDroppedAcceptsUntilTheDaemonIsReleasedAndIsServedThen() throws Exception {
		FakeEndpoint adopted = endpoint(0);
		FakeEndpoint dropped = endpoint(0);
		Drain drain = start(DrainCause.HANDOVER, List.of(dropped), LONG);
		awaitCalls(dropped, "remind", 4);
		assertThat(this.reports).as("ends while something accepts").isEmpty();
		assertThat(dropped.listenerCalls()).isEmpty();
		dropped.queue(true, true);
		drain.released();
		awaitCalls(dropped, "closeListener", 1);
		assertThat(dropped.listenerCalls()).startsWith("refuseNewcomers", "served", "served", "quiet", "quiet")
			.endsWith("quiet", "closeListener");
		assertThat(dropped.wasQuiet()).isGreaterThanOrEqualTo(QUIET);
		assertThat(this.reports).isEmpty();
		dropped.closed(2);
		assertThat(report().cut()).isZero();
		assertThat(adopted.listenerCalls()).as("they are the successor's").isEmpty();
	}

	@Test
	void aDrainThatIsReleasedAtOnceClosesWhatWasDropped() throws Exception {
		FakeEndpoint dropped = endpoint(0);
		Drain drain = new Drain(this.endpoints, DrainCause.HANDOVER, List.of(dropped), LONG,
				(ended, report) -> this.reports.add(report));
		drain.released();
		drain.start();
		assertThat(report().cut()).isZero();
		assertThat(dropped.listenerCalls()).startsWith("refuseNewcomers", "quiet").endsWith("closeListener");
	}

	@Test
	void whatWasDroppedIsNotTouchedWhenThisGenerationServesAgain() {
		FakeEndpoint dropped = endpoint(0);
		Drain drain = start(DrainCause.HANDOVER, List.of(dropped), LONG);
		awaitCalls(dropped, "remind", 2);
		drain.cancel();
		await().until(() -> drainThreads() == 0);
		assertThat(dropped.calls()).containsOnly("draining true", "remind", "draining false");
		assertThat(this.reports).isEmpty();
	}

	@Test
	void theExitTimeoutClosesWhatWasDroppedOnlyOnceTheDaemonIsReleased() throws Exception {
		FakeEndpoint dropped = endpoint(1);
		start(DrainCause.HANDOVER, List.of(dropped), SHORT);
		assertThat(report().cut()).isEqualTo(1);
		assertThat(dropped.listenerCalls()).as("it may be needed again").isEmpty();

		FakeEndpoint released = endpoint(1);
		boolean[] queue = new boolean[10_000];
		Arrays.fill(queue, true);
		released.queue(queue);
		Drain drain = start(DrainCause.HANDOVER, List.of(released), Duration.ofMillis(400));
		drain.released();
		assertThat(report().cut()).isPositive();
		assertThat(released.listenerCalls()).contains("served").endsWith("stopAccepting", "closeListener");
	}

	@Test
	void anInterruptClosesIdleConnectionsAndATerminationDoesNot() throws Exception {
		FakeEndpoint endpoint = endpoint(1);
		Drain drain = start(DrainCause.TERMINATE, LONG);
		awaitCalls(endpoint, "remind", 3);
		assertThat(endpoint.calls()).doesNotContain("closeIdle");
		drain.cancel();
		start(DrainCause.INTERRUPT, LONG);
		awaitCalls(endpoint, "closeIdle", 1);
		endpoint.closed(1);
		assertThat(report().cut()).isZero();
	}

	@Test
	void aDrainThatIsToHurryClosesIdleConnectionsAndEndsLongExchanges() throws Exception {
		FakeEndpoint endpoint = endpoint(2);
		this.endpoints.add(new FakeExchanges(LONG, endpoint, 1));
		Drain drain = start(DrainCause.HANDOVER, LONG);
		awaitCalls(endpoint, "remind", 2);
		assertThat(endpoint.calls()).doesNotContain("closeIdle");
		drain.hurry();
		awaitCalls(endpoint, "closeIdle", 1);
		await().until(() -> endpoint.openConnections() == 1);
		endpoint.closed(1);
		assertThat(report().cut()).isZero();
	}

	@ParameterizedTest
	@EnumSource(DrainCause.class)
	void theExitTimeoutCutsWhatIsLeftAndCountsIt(DrainCause cause) throws Exception {
		FakeEndpoint endpoint = endpoint(3);
		FakeEndpoint other = endpoint(2);
		this.endpoints.add(new FakeExchanges(LONG, other, 1));
		start(cause, Duration.ofMillis(400));
		DrainReport report = report();
		assertThat(report.cut()).as("one of five ends by itself when it is told").isEqualTo(4);
		assertThat(report.took()).isGreaterThanOrEqualTo(Duration.ofMillis(400));
		assertThat(endpoint.calls()).endsWith("closeAll");
		assertThat(other.calls()).endsWith("closeAll");
		assertThat(endpoint.calls().contains("closeListener"))
			.as("at a handover the listeners are the successor's, or are needed again")
			.isEqualTo(cause != DrainCause.HANDOVER);
	}

	@Test
	void theExitTimeoutHoldsAlsoWhileTheQueueIsNeverEmpty() throws Exception {
		FakeEndpoint endpoint = endpoint(0);
		endpoint.queue(true, true, true, true, true, true, true, true, true, true);
		start(DrainCause.TERMINATE, SHORT);
		assertThat(report().cut()).isPositive();
		assertThat(endpoint.calls()).contains("served")
			.doesNotContain("quiet")
			.endsWith("stopAccepting", "closeListener", "closeAll");
	}

	@Test
	void aCancelledDrainServesAgainAndReportsNothing() {
		FakeEndpoint endpoint = endpoint(1);
		Drain drain = start(DrainCause.HANDOVER, LONG);
		awaitCalls(endpoint, "remind", 1);
		drain.cancel();
		await().until(() -> drainThreads() == 0);
		assertThat(this.reports).isEmpty();
		assertThat(endpoint.calls()).contains("draining false").doesNotContain("closeAll", "closeIdle");
		assertThat(endpoint.openConnections()).isOne();
	}

	@Test
	void aDrainThatIsToEndNowEndsWithoutLastWords() throws Exception {
		FakeEndpoint endpoint = endpoint(2);
		Drain drain = start(DrainCause.TERMINATE, LONG);
		awaitCalls(endpoint, "remind", 1);
		long begin = System.nanoTime();
		drain.endNow();
		assertThat(report().cut()).isEqualTo(2);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
		assertThat(endpoint.calls()).endsWith("closeAll");
	}

	@Test
	void longExchangesEndWhenTheirPatienceDoesAndNoSooner() throws Exception {
		FakeEndpoint endpoint = endpoint(3);
		FakeExchanges impatient = exchanges(Duration.ZERO, endpoint);
		FakeExchanges patient = exchanges(Duration.ofMillis(300), endpoint);
		exchanges(LONG, endpoint);
		Drain drain = start(DrainCause.HANDOVER, LONG);
		await().until(() -> endpoint.openConnections() == 1);
		assertThat(patient.endedAfter()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
		assertThat(impatient.endedAfter()).isLessThan(patient.endedAfter());
		assertThat(this.reports).isEmpty();
		drain.hurry();
		assertThat(report().cut()).isZero();
	}

	@Test
	void anEndpointThatFailsWhileConnectionsAreAwaitedDoesNotStopTheDrain() throws Exception {
		FakeEndpoint endpoint = endpoint(1);
		endpoint.failAt("remind");
		start(DrainCause.HANDOVER, LONG);
		awaitCalls(endpoint, "remind", 3);
		assertThat(this.reports).isEmpty();
		endpoint.closed(1);
		assertThat(report().cut()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "remind,HANDOVER", "closeIdle,INTERRUPT" })
	void anEndpointThatFailsDoesNotKeepAnotherFromItsEnd(String call, DrainCause cause) throws Exception {
		FakeEndpoint failing = endpoint(1);
		FakeEndpoint other = endpoint(1);
		exchanges(Duration.ZERO, other);
		failing.failAt(call);
		start(cause, LONG);
		awaitCalls(failing, call, 3);
		assertThat(other.calls()).contains(call);
		assertThat(other.openConnections()).isZero();
		failing.closed(1);
		assertThat(report().cut()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "refuseNewcomers", "closeListener" })
	void anEndpointThatFailsAtItsQueueDoesNotEndTheDrain(String call) throws Exception {
		FakeEndpoint failing = endpoint(0);
		FakeEndpoint other = endpoint(1);
		failing.failAt(call);
		start(DrainCause.TERMINATE, LONG);
		awaitCalls(failing, call, 1);
		awaitCalls(other, "remind", 2);
		assertThat(this.reports).isEmpty();
		other.closed(1);
		assertThat(report().cut()).isZero();
	}

	@Test
	void aQueueThatCannotBeReadForAWhileIsServedLater() throws Exception {
		FakeEndpoint endpoint = endpoint(-1);
		endpoint.failAt("quiet");
		start(DrainCause.TERMINATE, LONG);
		awaitCalls(endpoint, "quiet", 3);
		assertThat(endpoint.calls()).doesNotContain("closeListener");
		endpoint.queue(true);
		endpoint.failNoMore();
		report();
		assertThat(endpoint.listenerCalls()).containsSequence("served", "quiet", "quiet")
			.endsWith("quiet", "closeListener");
		assertThat(endpoint.wasQuiet()).isGreaterThanOrEqualTo(QUIET);
	}

	@Test
	void anEndpointThatCannotBeClosedDoesNotSaveTheOthers() throws Exception {
		FakeEndpoint failing = endpoint(1);
		FakeEndpoint other = endpoint(1);
		failing.failAt("closeAll");
		Drain drain = start(DrainCause.HANDOVER, LONG);
		awaitCalls(other, "remind", 1);
		drain.endNow();
		assertThat(report().cut()).isEqualTo(2);
		assertThat(other.calls()).endsWith("closeAll");
	}

	@Test
	void aDrainThatCannotCountStillEnds() throws Exception {
		FakeEndpoint endpoint = endpoint(1);
		Drain drain = start(DrainCause.HANDOVER, LONG);
		awaitCalls(endpoint, "remind", 1);
		endpoint.failAt("openConnections");
		drain.endNow();
		assertThat(report()).isNotNull();
	}

	private FakeEndpoint endpoint(int open) {
		FakeEndpoint endpoint = new FakeEndpoint(open);
		this.endpoints.add(endpoint);
		return endpoint;
	}

	private FakeExchanges exchanges(Duration patience, FakeEndpoint endpoint) {
		FakeExchanges exchanges = new FakeExchanges(patience, endpoint, 1);
		this.endpoints.add(exchanges);
		return exchanges;
	}

	/** At a handover the successor has adopted everything; else everything accepts. */
	private Drain start(DrainCause cause, Duration exitTimeout) {
		List<Endpoint> accepting = new ArrayList<>();
		if (cause != DrainCause.HANDOVER) {
			this.endpoints.forEach(accepting::add);
		}
		return start(cause, accepting, exitTimeout);
	}

	private Drain start(DrainCause cause, List<Endpoint> accepting, Duration exitTimeout) {
		Drain drain = new Drain(this.endpoints, cause, accepting, exitTimeout,
				(ended, report) -> this.reports.add(report));
		drain.start();
		return drain;
	}

	private DrainReport report() throws InterruptedException {
		DrainReport report = this.reports.poll(10, TimeUnit.SECONDS);
		assertThat(report).as("the report of a drain that ended").isNotNull();
		return report;
	}

	private static void awaitCalls(FakeEndpoint endpoint, String call, int times) {
		await().until(() -> count(endpoint, call) >= times);
	}

	private static int count(FakeEndpoint endpoint, String call) {
		List<String> calls = endpoint.calls();
		calls.removeIf((other) -> !other.equals(call));
		return calls.size();
	}

	private static long drainThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("gozd-drain"))
			.count();
	}

}
