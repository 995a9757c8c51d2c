package io.gozd.daemon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import io.gozd.posix.ProcessFile;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Takes signals from the JVM. What could not be taken is said once logging works.
 */
// The only way to a signal; named in full because a warning on an import can't be
// suppressed.
@SuppressWarnings("sunapi")
final class SignalTrap {

	private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "USR2", 12, "TERM", 15);

	private final Consumer<String> listener;

	private final Map<String, SignalHandler> previous = new LinkedHashMap<>();

	private final List<String> problems = new ArrayList<>();

	/**
	 * Create a trap that holds nothing yet.
	 * @param listener told the name of each signal, by a thread of the JVM
	 */
	SignalTrap(Consumer<String> listener) {
		this.listener = listener;
	}

	void take(String name) {
		if (this.previous.containsKey(name)) {
			return;
		}
		try {
			this.previous.put(name, Signal.handle(new Signal(name), (signal) -> this.listener.accept(name)));
			if (!name.equals("INT")) {
				// Every shell script starts its background jobs with INT ignored.
				check(name);
			}
		}
		catch (IllegalArgumentException ex) {
			this.problems.add("The JVM keeps " + name + " for itself (-Xrs?): this daemon can't react to it."
					+ " Start it without -Xrs");
		}
	}

	/**
	 * Installing a handler reports success for a signal that was ignored when the process
	 * started, and the signal stays ignored.
	 */
	private void check(String name) {
		long bit = 1L << (NUMBERS.get(name) - 1);
		Optional<Long> ignored = ProcessFile.self().status("SigIgn", 16);
		Optional<Long> caught = ProcessFile.self().status("SigCgt", 16);
		if (ignored.isPresent() && (ignored.get() & bit) != 0) {
			this.problems.add("This process was started with SIG" + name + " ignored (nohup?), and can't change that: "
					+ "kill -" + name + " has no effect. Start it with setsid instead of nohup, or under a supervisor");
		}
		else if (caught.isPresent() && (caught.get() & bit) == 0) {
			this.problems.add("The handler of " + name + " did not come to be: kill -" + name + " has no effect");
		}
	}

	void giveBack(String name) {
		SignalHandler handler = this.previous.remove(name);
		if (handler != null) {
			Signal.handle(new Signal(name), handler);
		}
	}

	void giveBackAll() {
		List.copyOf(this.previous.keySet()).forEach(this::giveBack);
	}

	/** What is wrong with signals, for people; each told once. */
	List<String> problems() {
		List<String> problems = List.copyOf(this.problems);
		this.problems.clear();
		return problems;
	}

}
