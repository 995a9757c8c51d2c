package io.gozd.handover;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Notes what an {@link Incumbent} does; what is told to fail fails.
 */
final class RecordedIncumbentActions implements IncumbentActions {

	private final List<String> calls = new ArrayList<>();

	private final Map<String, Throwable> failing = new HashMap<>();

	/** What was done since this was asked last. */
	List<String> take() {
		List<String> taken = List.copyOf(this.calls);
		this.calls.clear();
		return taken;
	}

	void fail(String action) {
		this.failing.put(action, new IOException(action + " fails"));
	}

	void failWith(String action, Error error) {
		this.failing.put(action, error);
	}

	void mend() {
		this.failing.clear();
	}

	private void call(String action) {
		this.calls.add(action);
	}

	private void attempt(String action, String call) throws IOException {
		call(call);
		Throwable failure = this.failing.get(action);
		if (failure instanceof IOException exception) {
			throw exception;
		}
		if (failure instanceof Error error) {
			throw error;
		}
	}

	@Override
	public void startSuccessor() throws IOException {
		attempt("startSuccessor", "startSuccessor");
	}

	@Override
	public void sendTable() throws IOException {
		attempt("sendTable", "sendTable");
	}

	@Override
	public void sendCommit() throws IOException {
		attempt("sendCommit", "sendCommit");
	}

	@Override
	public void sendOwner(boolean reloadPending) throws IOException {
		attempt("sendOwner", reloadPending ? "sendOwner(reload pending)" : "sendOwner");
	}

	@Override
	public void killSuccessor(String reason) {
		call("killSuccessor(" + reason + ")");
	}

	@Override
	public void stopAccepting() {
		call("stopAccepting");
	}

	@Override
	public void resumeAccepting() {
		call("resumeAccepting");
	}

	@Override
	public void beginDrain() {
		call("beginDrain");
	}

	@Override
	public void release() {
		call("release");
	}

	@Override
	public void forwardReload() {
		call("forwardReload");
	}

	@Override
	public void terminate() {
		call("terminate");
	}

	@Override
	public void exit() {
		call("exit");
	}

	@Override
	public void reloadFailed(String reason) {
		call("reloadFailed(" + reason + ")");
	}

	@Override
	public void ignored(String reason) {
		call("ignored(" + reason + ")");
	}

	@Override
	public void startTimer(Incumbent.Timer timer) {
		call("startTimer(" + timer + ")");
	}

	@Override
	public void cancelTimer() {
		call("cancelTimer");
	}

}
