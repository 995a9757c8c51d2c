package tryswap;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * All clients together, and what they see. Every second one keeps its connection.
 */
final class Load {

	private final List<Thread> clients = new ArrayList<>();

	private final List<Phase> phases = new CopyOnWriteArrayList<>();

	private final Map<Generation, LongAdder> generations = new ConcurrentSkipListMap<>();

	private volatile boolean ended;

	Load(InetSocketAddress server, int threads) {
		for (int i = 0; i < threads; i++) {
			Thread client = new Thread(new Client(server, i % 2 == 0, this), "client-" + i);
			client.setDaemon(true);
			this.clients.add(client);
		}
	}

	void start() {
		this.clients.forEach(Thread::start);
	}

	/**
	 * What begins from now on counts for that phase.
	 */
	void enter(Phase phase) {
		endPhase();
		this.phases.add(phase);
	}

	/**
	 * Ends the clients that a stop has not ended.
	 */
	void end() {
		this.ended = true;
		endPhase();
	}

	boolean hasEnded() {
		return this.ended;
	}

	private void endPhase() {
		if (!this.phases.isEmpty()) {
			phase().end();
		}
	}

	Phase phase() {
		return this.phases.get(this.phases.size() - 1);
	}

	List<Phase> phases() {
		return this.phases;
	}

	void answeredBy(Generation generation) {
		this.generations.computeIfAbsent(generation, (key) -> new LongAdder()).increment();
	}

	/**
	 * How many answers each generation gave, the oldest generation first.
	 */
	Map<Generation, LongAdder> generations() {
		return this.generations;
	}

	/**
	 * Waits until the last client has been refused.
	 */
	void awaitRefused(Duration deadline) throws InterruptedException {
		long end = System.nanoTime() + deadline.toNanos();
		for (Thread client : this.clients) {
			client.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
			if (client.isAlive()) {
				throw new Unexpected("Not every client was refused " + deadline.toSeconds() + " s after TERM");
			}
		}
	}

}
