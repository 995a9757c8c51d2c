package io.gozd.handover;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each row of the table of a handover, and each failure at each step, seen by the process
 * that was started to take over.
 */
final class SuccessorTests {

	private final RecordedSuccessorActions actions = new RecordedSuccessorActions();

	private final Successor successor = new Successor(this.actions);

	@Test
	void saysPreparedWhenTheApplicationIsReadyAndKeepsTheGatesShut() {
		this.successor.ready();
		assertThat(this.actions.take()).containsExactly("startTimer(COMMIT)", "sendPrepared");
		assertThat(this.successor.state()).isEqualTo(Successor.State.PREPARED);
	}

	@Test
	void opensTheGatesBeforeItSaysSoAndTakesTheFiles() {
		bringTo(Successor.State.PREPARED);
		this.successor.commit();
		assertThat(this.actions.take()).containsExactly("openGates", "startTimer(OWNER)", "takeFiles", "sendAccepting");
		assertThat(this.successor.state()).isEqualTo(Successor.State.PROBATION);
	}

	/** Somebody has taken an address, say: the incumbent accepts still. */
	@Test
	void givesUpIfAGateCannotBeOpened() {
		bringTo(Successor.State.PREPARED);
		this.actions.failToOpenGates();
		this.successor.commit();
		assertThat(this.actions.take()).containsExactly("openGates", "shutGates", "cancelTimer",
				"end(openGates fails)");
		assertThat(this.successor.state()).isEqualTo(Successor.State.ENDED);
		this.successor.commit();
		this.successor.owner(true);
		this.successor.incumbentDied();
		assertThat(this.actions.take()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void givesUpIfAGateCannotBeOpenedAlsoWhenItIsAlone(boolean prepared) {
		this.actions.failToOpenGates();
		if (prepared) {
			this.successor.ready();
		}
		this.successor.incumbentDied();
		this.successor.ready();
		assertThat(this.actions.take()).endsWith("openGates", "shutGates", "cancelTimer", "end(openGates fails)")
			.doesNotContain("takeFiles", "own");
		assertThat(this.successor.state()).isEqualTo(Successor.State.ENDED);
	}

	@Test
	void isTheIncumbentWhenItIsToldSo() {
		bringTo(Successor.State.PROBATION);
		this.successor.owner(false);
		assertThat(this.actions.take()).containsExactly("cancelTimer", "own");
		assertThat(this.successor.state()).isEqualTo(Successor.State.OWNER);
	}

	@Test
	void takesOverAReloadThatTheIncumbentOwes() {
		bringTo(Successor.State.PROBATION);
		this.successor.owner(true);
		assertThat(this.actions.take()).containsExactly("cancelTimer", "own(reload pending)");
	}

	@ParameterizedTest
	@EnumSource(value = Successor.State.class, names = { "STARTING", "PREPARED", "PROBATION" })
	void aReloadIsRememberedUntilTheDaemonIsItsOwn(Successor.State state) {
		bringTo(state);
		this.successor.reload();
		this.actions.take();
		bringTo(Successor.State.PROBATION);
		this.actions.take();
		this.successor.owner(false);
		assertThat(this.actions.take()).containsExactly("cancelTimer", "own(reload pending)");
	}

	@Test
	void tellsTheIncumbentOfAReloadOnProbationShouldItDieThere() {
		bringTo(Successor.State.PROBATION);
		this.successor.reload();
		assertThat(this.actions.take()).containsExactly("sendReload");
	}

	@Test
	void tellsTheIncumbentOfAnEarlierReloadWhenTheProbationBegins() {
		this.successor.reload();
		assertThat(this.actions.take()).isEmpty();
		bringTo(Successor.State.PREPARED);
		this.successor.commit();
		assertThat(this.actions.take()).containsExactly("openGates", "startTimer(OWNER)", "takeFiles", "sendAccepting",
				"sendReload");
	}

	@Test
	void readinessThatComesAndGoesIsSaidOnce() {
		this.successor.ready();
		this.actions.take();
		this.successor.ready();
		assertThat(this.actions.take()).isEmpty();
		this.successor.commit();
		this.actions.take();
		this.successor.ready();
		assertThat(this.actions.take()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(value = Successor.State.class, names = { "STARTING", "PROBATION", "OWNER", "ENDED" })
	void commitMeansSomethingOnlyAfterPrepared(Successor.State state) {
		bringTo(state);
		this.successor.commit();
		assertThat(this.actions.take()).isEmpty();
		assertThat(this.successor.state()).isEqualTo(state);
	}

	@ParameterizedTest
	@EnumSource(value = Successor.State.class, names = { "STARTING", "PREPARED", "OWNER", "ENDED" })
	void ownerMeansSomethingOnlyOnProbation(Successor.State state) {
		bringTo(state);
		this.successor.owner(true);
		assertThat(this.actions.take()).isEmpty();
		assertThat(this.successor.state()).isEqualTo(state);
	}

	@ParameterizedTest
	@EnumSource(value = Successor.State.class, names = { "STARTING", "PREPARED", "PROBATION" })
	void endsWhenTheReloadIsOff(Successor.State state) {
		bringTo(state);
		this.successor.abort("too slow");
		assertThat(this.actions.take()).containsExactly("cancelTimer",
				"end(The incumbent has ended the reload: too slow)");
		this.successor.abort("again");
		this.successor.terminate();
		assertThat(this.actions.take()).as("ends once").isEmpty();
	}

	@Test
	void anIncumbentThatIsNoneAnyMoreCanNotEndIt() {
		bringTo(Successor.State.OWNER);
		this.successor.abort("too late");
		assertThat(this.actions.take()).isEmpty();
		assertThat(this.successor.state()).isEqualTo(Successor.State.OWNER);
	}

	@Test
	void goesOnAloneAndServesWhenReadyIfTheIncumbentDiesWhileItStarts() {
		this.successor.incumbentDied();
		assertThat(this.actions.take()).containsExactly("goAlone");
		this.successor.ready();
		assertThat(this.actions.take()).containsExactly("openGates", "takeFiles", "cancelTimer", "own");
		assertThat(this.successor.state()).isEqualTo(Successor.State.OWNER);
	}

	@Test
	void servesAtOnceIfTheIncumbentDiesBeforeCommit() {
		bringTo(Successor.State.PREPARED);
		this.successor.incumbentDied();
		assertThat(this.actions.take()).containsExactly("openGates", "takeFiles", "cancelTimer", "own");
	}

	@Test
	void ownsTheDaemonIfTheIncumbentDiesOnProbation() {
		bringTo(Successor.State.PROBATION);
		this.successor.incumbentDied();
		assertThat(this.actions.take()).containsExactly("cancelTimer", "own");
	}

	@ParameterizedTest
	@EnumSource(value = Successor.State.class, names = { "STARTING", "PREPARED" })
	void endsIfAnIncumbentThatLivesHasClosedTheConnectionBeforeCommit(Successor.State state) {
		bringTo(state);
		this.successor.incumbentLost();
		assertThat(this.actions.take()).containsExactly("cancelTimer", "end(The incumbent has closed the connection)");
	}

	@Test
	void endsAnIncumbentThatLivesAndHasClosedTheConnectionOnProbation() {
		bringTo(Successor.State.PROBATION);
		this.successor.incumbentLost();
		assertThat(this.actions.take()).containsExactly("endIncumbent", "cancelTimer", "own");
	}

	@ParameterizedTest
	@EnumSource(value = Successor.State.class, names = { "OWNER", "ENDED" })
	void theFateOfTheIncumbentMeansNothingAfterwards(Successor.State state) {
		bringTo(state);
		this.successor.incumbentDied();
		this.successor.incumbentLost();
		this.successor.ready();
		assertThat(this.actions.take()).isEmpty();
		assertThat(this.successor.state()).isEqualTo(state);
	}

	@Test
	void saysWhyTheApplicationFailsAndNotThatItCloses() {
		this.successor.applicationFails("the application does not start");
		this.successor.applicationCloses();
		assertThat(this.actions.take()).containsExactly("cancelTimer", "end(the application does not start)");
		assertThat(this.successor.state()).isEqualTo(Successor.State.ENDED);
	}

	@Test
	void shutsItsGatesAndEndsIfTheApplicationClosesOnProbation() {
		bringTo(Successor.State.PROBATION);
		this.successor.applicationCloses();
		assertThat(this.actions.take()).containsExactly("shutGates", "cancelTimer",
				"end(The application has closed by itself)");
		this.successor.owner(false);
		assertThat(this.actions.take()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(value = Successor.State.class, names = { "STARTING", "PREPARED" })
	void endsIfTheApplicationClosesBeforeCommit(Successor.State state) {
		bringTo(state);
		this.successor.applicationCloses();
		this.successor.commit();
		assertThat(this.actions.take()).containsExactly("cancelTimer", "end(The application has closed by itself)");
	}

	@Test
	void anOwnerMayCloseItsApplication() {
		bringTo(Successor.State.OWNER);
		this.successor.applicationCloses();
		assertThat(this.actions.take()).isEmpty();
	}

	@Test
	void endsIfCommitDoesNotCome() {
		bringTo(Successor.State.PREPARED);
		this.successor.timeout(Successor.Timer.COMMIT);
		assertThat(this.actions.take()).containsExactly("cancelTimer",
				"end(The incumbent did not answer PREPARED in time)");
	}

	@Test
	void endsAnIncumbentThatHangsAfterItsProbationAndOwnsTheDaemon() {
		bringTo(Successor.State.PROBATION);
		this.successor.timeout(Successor.Timer.OWNER);
		assertThat(this.actions.take()).containsExactly("endIncumbent", "cancelTimer", "own");
		assertThat(this.successor.state()).isEqualTo(Successor.State.OWNER);
	}

	@ParameterizedTest
	@EnumSource(Successor.State.class)
	void aTimerOfAnotherStepMeansNothing(Successor.State state) {
		bringTo(state);
		if (state != Successor.State.PREPARED) {
			this.successor.timeout(Successor.Timer.COMMIT);
		}
		if (state != Successor.State.PROBATION) {
			this.successor.timeout(Successor.Timer.OWNER);
		}
		assertThat(this.actions.take()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(value = Successor.State.class, names = { "STARTING", "PREPARED" })
	void endsWhenToldToTerminateBeforeItAccepts(Successor.State state) {
		bringTo(state);
		this.successor.terminate();
		assertThat(this.actions.take()).containsExactly("cancelTimer", "end(The successor was told to terminate)");
	}

	@Test
	void toldToTerminateOnProbationItTellsTheIncumbentNotToComeBack() {
		bringTo(Successor.State.PROBATION);
		this.successor.reload();
		this.actions.take();
		this.successor.terminate();
		assertThat(this.actions.take()).containsExactly("cancelTimer", "sendTerminating", "own");
		assertThat(this.successor.state()).isEqualTo(Successor.State.OWNER);
	}

	private void bringTo(Successor.State state) {
		if (state == Successor.State.ENDED) {
			this.successor.abort("test");
		}
		while (this.successor.state() != state) {
			switch (this.successor.state()) {
				case STARTING -> this.successor.ready();
				case PREPARED -> this.successor.commit();
				case PROBATION -> this.successor.owner(false);
				default -> throw new AssertionError("No way from " + this.successor.state() + " to " + state);
			}
		}
		this.actions.take();
	}

}
