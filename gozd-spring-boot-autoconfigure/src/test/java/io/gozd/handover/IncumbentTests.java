package io.gozd.handover;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each row of the table of a handover, and each failure at each step, seen by the process
 * that serves.
 */
final class IncumbentTests {

	private final RecordedIncumbentActions actions = new RecordedIncumbentActions();

	private final Incumbent incumbent = new Incumbent(this.actions);

	@Test
	void aReloadStartsASuccessorAndBoundsTheWaitForIt() {
		this.incumbent.reload();
		assertThat(this.actions.take()).containsExactly("startTimer(PREPARE)", "startSuccessor");
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.RELOADING);
	}

	@Test
	void helloIsAnsweredWithTheTable() {
		bringTo(Incumbent.State.RELOADING);
		assertThat(this.actions.take()).containsExactly("sendTable");
	}

	@Test
	void preparedIsAnsweredWithCommitAndNothingStopsYet() {
		bringTo(Incumbent.State.RELOADING);
		this.actions.take();
		this.incumbent.prepared();
		assertThat(this.actions.take()).containsExactly("startTimer(COMMIT)", "sendCommit");
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.COMMITTING);
	}

	@Test
	void acceptingStopsAcceptAndOnlyThenBeginsTheDrain() {
		bringTo(Incumbent.State.COMMITTING);
		this.actions.take();
		this.incumbent.accepting();
		assertThat(this.actions.take()).containsExactly("startTimer(PROBATION)", "stopAccepting", "beginDrain");
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.PROBATION);
	}

	@Test
	void afterTheProbationTheDaemonIsTheSuccessors() {
		bringTo(Incumbent.State.PROBATION);
		this.actions.take();
		this.incumbent.timeout(Incumbent.Timer.PROBATION);
		assertThat(this.actions.take()).containsExactly("sendOwner", "cancelTimer", "release");
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.RELEASED);
	}

	@Test
	void exitsWhenDrainedAfterTheRelease() {
		bringTo(Incumbent.State.RELEASED);
		this.actions.take();
		this.incumbent.drained();
		assertThat(this.actions.take()).containsExactly("exit");
	}

	@Test
	void drainedOnProbationWaitsForTheReleaseToExit() {
		bringTo(Incumbent.State.PROBATION);
		this.actions.take();
		this.incumbent.drained();
		assertThat(this.actions.take()).isEmpty();
		this.incumbent.timeout(Incumbent.Timer.PROBATION);
		assertThat(this.actions.take()).containsExactly("sendOwner", "cancelTimer", "release", "exit");
	}

	@Test
	void aSuccessorThatCanNotBeStartedFailsTheReloadAndTheNextOneWorks() {
		this.actions.fail("startSuccessor");
		this.incumbent.reload();
		assertThat(this.actions.take()).containsExactly("startTimer(PREPARE)", "startSuccessor", "cancelTimer",
				"reloadFailed(startSuccessor fails)");
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.SERVING);
		assertTheNextReloadWorks();
	}

	@Test
	void aSuccessorThatDiesBeforeCommitChangesNothing() {
		bringTo(Incumbent.State.RELOADING);
		this.actions.take();
		this.incumbent.successorEnded("signal 9");
		assertThat(this.actions.take()).containsExactly("cancelTimer", "reloadFailed(signal 9)");
		assertTheNextReloadWorks();
	}

	/** After COMMIT it may have taken the files, although ACCEPTING was not heard yet. */
	@ParameterizedTest
	@EnumSource(value = Incumbent.State.class, names = { "COMMITTING", "PROBATION" })
	void aSuccessorThatDiesAfterCommitMakesTheIncumbentAcceptAgainAndTakeTheFilesBack(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		this.incumbent.successorEnded("signal 11");
		assertThat(this.actions.take()).containsExactly("cancelTimer", "resumeAccepting", "reloadFailed(signal 11)");
		assertTheNextReloadWorks();
	}

	@ParameterizedTest
	@EnumSource(value = Incumbent.State.class, names = { "RELOADING", "COMMITTING", "PROBATION" })
	void aSuccessorThatCanNotBeReachedIsKilledBeforeAnythingElseHappens(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		this.incumbent.connectionLost("broken");
		assertThat(this.actions.take()).containsExactly("cancelTimer", "killSuccessor(broken)");
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.KILLING);
		endOfTheKilled(state, "broken");
	}

	@ParameterizedTest
	@EnumSource(value = Incumbent.State.class, names = { "RELOADING", "COMMITTING", "PROBATION" })
	void aSuccessorThatSaysItFailedIsKilled(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		this.incumbent.successorFailed("no bean");
		assertThat(this.actions.take()).containsExactly("cancelTimer", "killSuccessor(no bean)");
		endOfTheKilled(state, "no bean");
	}

	@ParameterizedTest
	@EnumSource(value = Incumbent.State.class, names = { "RELOADING", "COMMITTING", "PROBATION" })
	void messagesAtTheWrongTimeKillTheSuccessor(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		this.incumbent.hello();
		String reason = "The successor said HELLO twice or at the wrong time";
		assertThat(this.actions.take()).containsExactly("cancelTimer", "killSuccessor(" + reason + ")");
		endOfTheKilled(state, reason);
	}

	@Test
	void preparedWithoutHelloKillsTheSuccessor() {
		this.incumbent.reload();
		this.actions.take();
		this.incumbent.prepared();
		assertThat(this.actions.take()).containsExactly("cancelTimer",
				"killSuccessor(The successor said PREPARED at the wrong time)");
	}

	@ParameterizedTest
	@EnumSource(value = Incumbent.State.class, names = { "RELOADING", "PROBATION" })
	void acceptingWithoutCommitKillsTheSuccessor(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		this.incumbent.accepting();
		assertThat(this.actions.take()).containsExactly("cancelTimer",
				"killSuccessor(The successor said ACCEPTING at the wrong time)");
	}

	@Test
	void aTableThatCanNotBeSentKillsTheSuccessor() {
		this.incumbent.reload();
		this.actions.fail("sendTable");
		this.actions.take();
		this.incumbent.hello();
		assertThat(this.actions.take()).containsExactly("sendTable", "cancelTimer",
				"killSuccessor(The successor can't be reached: java.io.IOException: sendTable fails)");
	}

	@Test
	void aCommitThatCanNotBeSentKillsTheSuccessorWhileTheIncumbentAccepts() {
		bringTo(Incumbent.State.RELOADING);
		this.actions.fail("sendCommit");
		this.actions.take();
		this.incumbent.prepared();
		assertThat(this.actions.take()).containsExactly("startTimer(COMMIT)", "sendCommit", "cancelTimer",
				"killSuccessor(The successor can't be reached: java.io.IOException: sendCommit fails)");
		endOfTheKilled(Incumbent.State.COMMITTING,
				"The successor can't be reached: java.io.IOException: sendCommit fails");
	}

	@Test
	void anOwnerThatCanNotBeSentKillsTheSuccessorAndTheIncumbentComesBack() {
		bringTo(Incumbent.State.PROBATION);
		this.actions.fail("sendOwner");
		this.actions.take();
		this.incumbent.timeout(Incumbent.Timer.PROBATION);
		String reason = "The successor can't be told that the daemon is its own: sendOwner fails";
		assertThat(this.actions.take()).containsExactly("sendOwner", "cancelTimer", "killSuccessor(" + reason + ")");
		this.actions.mend();
		endOfTheKilled(Incumbent.State.PROBATION, reason);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aSuccessorThatIsNotReadyInTimeIsKilled(boolean greeted) {
		this.incumbent.reload();
		if (greeted) {
			this.incumbent.hello();
		}
		this.actions.take();
		this.incumbent.timeout(Incumbent.Timer.PREPARE);
		String reason = "The successor was not ready in time (gozd.reload.timeout)";
		assertThat(this.actions.take()).containsExactly("cancelTimer", "killSuccessor(" + reason + ")");
		endOfTheKilled(Incumbent.State.RELOADING, reason);
	}

	@Test
	void aSuccessorThatDoesNotOpenItsGatesInTimeIsKilled() {
		bringTo(Incumbent.State.COMMITTING);
		this.actions.take();
		this.incumbent.timeout(Incumbent.Timer.COMMIT);
		String reason = "The successor did not open its gates in time";
		assertThat(this.actions.take()).containsExactly("cancelTimer", "killSuccessor(" + reason + ")");
		endOfTheKilled(Incumbent.State.COMMITTING, reason);
	}

	@ParameterizedTest
	@EnumSource(Incumbent.State.class)
	void aTimerOfAnotherStepMeansNothing(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		for (Incumbent.Timer timer : Incumbent.Timer.values()) {
			if (!timer.equals(timerOf(state))) {
				this.incumbent.timeout(timer);
			}
		}
		assertThat(this.actions.take()).isEmpty();
		assertThat(this.incumbent.state()).isEqualTo(state);
	}

	@ParameterizedTest
	@EnumSource(value = Incumbent.State.class, names = { "SERVING", "KILLING", "RELEASED", "TERMINATING" })
	void whatASuccessorSaysThatIsNoneAnyMoreMeansNothing(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		this.incumbent.hello();
		this.incumbent.prepared();
		this.incumbent.accepting();
		this.incumbent.successorFailed("late");
		this.incumbent.successorTerminates();
		this.incumbent.connectionLost("late");
		assertThat(this.actions.take()).isEmpty();
		assertThat(this.incumbent.state()).isEqualTo(state);
	}

	@ParameterizedTest
	@EnumSource(value = Incumbent.State.class, names = { "SERVING", "RELEASED", "TERMINATING" })
	void theEndOfAProcessThatIsNoSuccessorAnyMoreMeansNothing(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		this.incumbent.successorEnded("exit code 0");
		assertThat(this.actions.take()).isEmpty();
		assertThat(this.incumbent.state()).isEqualTo(state);
	}

	@ParameterizedTest
	@EnumSource(value = Incumbent.State.class, names = { "RELOADING", "COMMITTING", "PROBATION" })
	void aReloadMeanwhileIsHandedOnToTheSuccessor(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		this.incumbent.reload();
		assertThat(this.actions.take()).isEmpty();
		goOnFrom(state, Incumbent.State.RELEASED);
		assertThat(this.actions.take()).contains("sendOwner(reload pending)");
	}

	@ParameterizedTest
	@EnumSource(value = Incumbent.State.class, names = { "RELOADING", "COMMITTING", "PROBATION", "KILLING" })
	void aReloadMeanwhileIsDoneHereIfTheSuccessorDies(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		this.incumbent.reload();
		this.incumbent.reload();
		this.incumbent.successorEnded("exit code 1");
		assertThat(this.actions.take()).endsWith("startTimer(PREPARE)", "startSuccessor");
		this.incumbent.successorEnded("exit code 1");
		assertThat(this.actions.take()).as("two wishes meanwhile are one")
			.containsExactly("cancelTimer", "reloadFailed(exit code 1)");
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.SERVING);
	}

	@Test
	void aReloadIsPassedOnOnceTheDaemonIsTheSuccessors() {
		bringTo(Incumbent.State.RELEASED);
		this.actions.take();
		this.incumbent.reload();
		assertThat(this.actions.take()).containsExactly("forwardReload");
	}

	@Test
	void aReloadIsRefusedWhenTheDaemonTerminates() {
		bringTo(Incumbent.State.TERMINATING);
		this.actions.take();
		this.incumbent.reload();
		assertThat(this.actions.take()).singleElement().asString().startsWith("ignored(");
	}

	@Test
	void terminatesAtOnceWhenThereIsNoSuccessor() {
		this.incumbent.terminate();
		assertThat(this.actions.take()).containsExactly("terminate");
		this.incumbent.drained();
		assertThat(this.actions.take()).containsExactly("exit");
	}

	@Test
	void terminateLeavesASuccessorThatMayServeToItselfAndGoesAsSoonAsItDoes() {
		bringTo(Incumbent.State.COMMITTING);
		this.actions.take();
		this.incumbent.terminate();
		assertThat(this.actions.take()).isEmpty();
		this.incumbent.accepting();
		assertThat(this.actions.take()).containsExactly("startTimer(PROBATION)", "stopAccepting", "beginDrain",
				"sendOwner", "cancelTimer", "release");
		this.incumbent.drained();
		assertThat(this.actions.take()).containsExactly("exit");
	}

	@Test
	void terminateDuringCommitTerminatesHereIfTheSuccessorDies() {
		bringTo(Incumbent.State.COMMITTING);
		this.incumbent.terminate();
		this.actions.take();
		this.incumbent.successorEnded("signal 9");
		assertThat(this.actions.take()).endsWith("reloadFailed(signal 9)", "terminate");
	}

	@Test
	void anErrorWhileTheSuccessorIsStartedFailsOnlyTheReload() {
		this.actions.failWith("startSuccessor", new NoClassDefFoundError("gone with the jar"));
		this.incumbent.reload();
		assertThat(this.actions.take()).containsExactly("startTimer(PREPARE)", "startSuccessor", "cancelTimer",
				"reloadFailed(java.lang.NoClassDefFoundError: gone with the jar)");
		assertTheNextReloadWorks();
	}

	@Test
	void anErrorWhileTheSuccessorIsToldSomethingKillsIt() {
		this.incumbent.reload();
		this.actions.failWith("sendTable", new OutOfMemoryError("unable to create native thread"));
		this.incumbent.hello();
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.KILLING);
	}

	@Test
	void terminatesAfterItHasKilledASuccessorThatDoesNotServeYet() {
		bringTo(Incumbent.State.RELOADING);
		this.incumbent.reload();
		this.actions.take();
		this.incumbent.terminate();
		assertThat(this.actions.take()).containsExactly("cancelTimer", "killSuccessor(The daemon terminates)");
		this.incumbent.successorEnded("signal 15");
		assertThat(this.actions.take()).doesNotContain("startSuccessor")
			.endsWith("reloadFailed(The daemon terminates (signal 15))", "terminate");
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.TERMINATING);
	}

	@Test
	void terminateOnProbationLeavesTheDaemonToTheSuccessor() {
		bringTo(Incumbent.State.PROBATION);
		this.actions.take();
		this.incumbent.terminate();
		assertThat(this.actions.take()).containsExactly("sendOwner", "cancelTimer", "release");
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.RELEASED);
	}

	@Test
	void terminateOnProbationWhenTheSuccessorIsGoneTerminatesHere() {
		bringTo(Incumbent.State.PROBATION);
		this.actions.fail("sendOwner");
		this.incumbent.terminate();
		this.actions.take();
		this.incumbent.successorEnded("signal 9");
		assertThat(this.actions.take()).as("the queue is served, then the listeners are closed")
			.containsSubsequence("resumeAccepting", "terminate");
		this.incumbent.drained();
		assertThat(this.actions.take()).containsExactly("exit");
	}

	@Test
	void aSuccessorThatIsToldToTerminateOnProbationIsNotReplacedByItsIncumbent() {
		bringTo(Incumbent.State.PROBATION);
		this.actions.take();
		this.incumbent.successorTerminates();
		assertThat(this.actions.take()).containsExactly("sendOwner", "cancelTimer", "release");
		this.incumbent.successorEnded("exit code 0");
		this.incumbent.drained();
		assertThat(this.actions.take()).containsExactly("exit");
	}

	@Test
	void aSuccessorThatIsToldToTerminateAndEndsAtOnceIsNotReplacedEither() {
		bringTo(Incumbent.State.PROBATION);
		this.actions.fail("sendOwner");
		this.actions.take();
		this.incumbent.successorTerminates();
		this.incumbent.successorEnded("exit code 0");
		assertThat(this.actions.take()).doesNotContain("resumeAccepting");
		this.incumbent.drained();
		assertThat(this.actions.take()).containsExactly("exit");
	}

	@Test
	void aSuccessorThatIsToldToTerminateBeforeItAcceptsLeavesTheIncumbentServing() {
		bringTo(Incumbent.State.COMMITTING);
		this.actions.take();
		this.incumbent.successorTerminates();
		assertThat(this.actions.take()).containsExactly("cancelTimer",
				"killSuccessor(The successor was told to terminate)");
		endOfTheKilled(Incumbent.State.COMMITTING, "The successor was told to terminate");
	}

	@ParameterizedTest
	@EnumSource(Incumbent.State.class)
	void anotherMayHaveTheDaemonFromCommitOn(Incumbent.State state) {
		bringTo(state);
		assertThat(this.incumbent.mayBeSucceeded())
			.isEqualTo(Set.of(Incumbent.State.COMMITTING, Incumbent.State.PROBATION, Incumbent.State.RELEASED)
				.contains(state));
	}

	@Test
	void nobodySucceedsAnIncumbentThatIsBack() {
		bringTo(Incumbent.State.PROBATION);
		this.incumbent.successorEnded("signal 9");
		assertThat(this.incumbent.mayBeSucceeded()).isFalse();
	}

	@ParameterizedTest
	@EnumSource(value = Incumbent.State.class, names = { "RELEASED", "TERMINATING" })
	void toldToTerminateAgainItGoesOnDraining(Incumbent.State state) {
		bringTo(state);
		this.actions.take();
		this.incumbent.terminate();
		assertThat(this.actions.take()).isEmpty();
	}

	@Test
	void aDrainThatEndedOnAFailedProbationIsForgotten() {
		bringTo(Incumbent.State.PROBATION);
		this.incumbent.drained();
		this.incumbent.successorEnded("signal 9");
		goOnFrom(Incumbent.State.SERVING, Incumbent.State.RELEASED);
		assertThat(this.actions.take()).doesNotContain("exit");
		this.incumbent.drained();
		assertThat(this.actions.take()).containsExactly("exit");
	}

	private void bringTo(Incumbent.State state) {
		switch (state) {
			case KILLING -> {
				goOnFrom(Incumbent.State.SERVING, Incumbent.State.RELOADING);
				this.incumbent.connectionLost("broken");
			}
			case TERMINATING -> this.incumbent.terminate();
			default -> goOnFrom(Incumbent.State.SERVING, state);
		}
		if (state == Incumbent.State.RELOADING) {
			this.actions.take();
			this.incumbent.hello();
		}
		assertThat(this.incumbent.state()).isEqualTo(state);
	}

	private void goOnFrom(Incumbent.State from, Incumbent.State to) {
		boolean greeted = from != Incumbent.State.SERVING;
		while (this.incumbent.state() != to) {
			switch (this.incumbent.state()) {
				case SERVING -> this.incumbent.reload();
				case RELOADING -> {
					if (!greeted) {
						this.incumbent.hello();
					}
					this.incumbent.prepared();
				}
				case COMMITTING -> this.incumbent.accepting();
				case PROBATION -> this.incumbent.timeout(Incumbent.Timer.PROBATION);
				default -> throw new AssertionError("No way from " + this.incumbent.state() + " to " + to);
			}
		}
	}

	/** The killed successor ends: accept resumes where it may have stopped. */
	private void endOfTheKilled(Incumbent.State killedIn, String reason) {
		this.incumbent.successorEnded("signal 9");
		String failed = "reloadFailed(" + reason + " (signal 9))";
		assertThat(this.actions.take()).isEqualTo((killedIn != Incumbent.State.RELOADING)
				? List.of("cancelTimer", "resumeAccepting", failed) : List.of("cancelTimer", failed));
		assertTheNextReloadWorks();
	}

	private void assertTheNextReloadWorks() {
		this.actions.mend();
		assertThat(this.incumbent.state()).isEqualTo(Incumbent.State.SERVING);
		goOnFrom(Incumbent.State.SERVING, Incumbent.State.RELEASED);
		assertThat(this.actions.take()).containsExactly("startTimer(PREPARE)", "startSuccessor", "sendTable",
				"startTimer(COMMIT)", "sendCommit", "startTimer(PROBATION)", "stopAccepting", "beginDrain", "sendOwner",
				"cancelTimer", "release");
	}

	private static Incumbent.Timer timerOf(Incumbent.State state) {
		return switch (state) {
			case RELOADING -> Incumbent.Timer.PREPARE;
			case COMMITTING -> Incumbent.Timer.COMMIT;
			default -> Incumbent.Timer.PROBATION;
		};
	}

}
