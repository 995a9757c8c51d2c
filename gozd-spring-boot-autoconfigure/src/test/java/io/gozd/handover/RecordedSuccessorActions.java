package io.gozd.handover;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Notes what a {@link Successor} does.
 */
final class RecordedSuccessorActions implements SuccessorActions {

	private final List<String> calls = new ArrayList<>();

	private boolean gatesFail;

	/** What was done since this was asked last. */
	List<String> take() {
		List<String> taken = List.copyOf(this.calls);
		this.calls.clear();
		return taken;
	}

	void failToOpenGates() {
		this.gatesFail = true;
	}

	@Override
	public void sendPrepared() {
		this.calls.add("sendPrepared");
	}

	@Override
	public void goAlone() {
		this.calls.add("goAlone");
	}

	@Override
	public void sendReload() {
		this.calls.add("sendReload");
	}

	@Override
	public void endIncumbent() {
		this.calls.add("endIncumbent");
	}

	@Override
	public void openGates() throws IOException {
		this.calls.add("openGates");
		if (this.gatesFail) {
			throw new IOException("openGates fails");
		}
	}

	@Override
	public void shutGates() {
		this.calls.add("shutGates");
	}

	@Override
	public void sendAccepting() {
		this.calls.add("sendAccepting");
	}

	@Override
	public void sendTerminating() {
		this.calls.add("sendTerminating");
	}

	@Override
	public void takeFiles() {
		this.calls.add("takeFiles");
	}

	@Override
	public void own(boolean reloadPending) {
		this.calls.add(reloadPending ? "own(reload pending)" : "own");
	}

	@Override
	public void end(String reason) {
		this.calls.add("end(" + reason + ")");
	}

	@Override
	public void startTimer(Successor.Timer timer) {
		this.calls.add("startTimer(" + timer + ")");
	}

	@Override
	public void cancelTimer() {
		this.calls.add("cancelTimer");
	}

}
