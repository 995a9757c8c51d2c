package io.gozd.daemon;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.gozd.handover.Incumbent;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What this process does with the service manager from the moment when the daemon is its
 * own. Used in the {@link Loop} alone.
 */
final class Supervision {

	private static final Log logger = LogFactory.getLog(Supervision.class);

	/**
	 * The word of a new main process counts when the service manager has read who that
	 * is; what is kept twice it takes as once.
	 */
	private static final List<Duration> STORE_DELAYS = Stream.of(1, 5, 30).map(Duration::ofSeconds).toList();

	private final ServiceManager serviceManager;

	private final ListenerTable listeners;

	private final Incumbent incumbent;

	private final Loop loop;

	private final Supplier<Posix> posix;

	Supervision(ServiceManager serviceManager, ListenerTable listeners, Incumbent incumbent, Loop loop,
			Supplier<Posix> posix) {
		this.serviceManager = serviceManager;
		this.listeners = listeners;
		this.incumbent = incumbent;
		this.loop = loop;
		this.posix = posix;
	}

	/**
	 * The daemon is this process's own.
	 * @param successor what this process was until then, or null
	 */
	void begin(@Nullable SuccessorRole successor) {
		this.listeners.closePrepared();
		if (successor == null) {
			settle();
		}
		else {
			this.serviceManager.forgetLater(successor.dropped());
		}
		if (successor != null && successor.endsWithIncumbent()) {
			this.serviceManager.leavesItToTheIncumbent();
		}
		else if (successor == null || !successor.isHandedOver()) {
			this.serviceManager.serves();
		}
		feedWatchdog();
		STORE_DELAYS.forEach((delay) -> this.loop.schedule(delay, this::store));
	}

	/** What a service manager has passed or kept, and nothing is configured for. */
	private void settle() {
		for (InheritedListener unwanted : this.listeners.unwanted()) {
			if (unwanted.supervised()) {
				warnOfUnserved(unwanted);
			}
			else {
				logger.info("The service manager has kept " + unwanted.key() + ", and no directive listens there");
				this.serviceManager.forget(StoredName.of(unwanted));
			}
		}
		try {
			this.listeners.settle();
		}
		catch (IOException ex) {
			logger.warn("The file of a Unix socket is not as it should be: " + ex.getMessage());
		}
	}

	static void warnOfUnserved(InheritedListener unwanted) {
		logger.warn("The service manager listens on " + unwanted.key()
				+ ", and no directive does: who connects there waits. Stop its socket unit, or have a directive");
	}

	/** By the loop: what can't decide any more is to be seen as hanging. */
	private void feedWatchdog() {
		Duration interval = this.serviceManager.watchdogInterval();
		if (interval != null) {
			// First: whatever goes wrong now, it is fed again.
			this.loop.schedule(interval, this::feedWatchdog);
			this.serviceManager.feedWatchdog();
		}
	}

	/** Have the listeners kept, and those forgotten that are gone. */
	private void store() {
		if (!this.serviceManager.isStore() || this.incumbent.isTerminating()) {
			return;
		}
		List<Listener> open = this.listeners.open();
		try {
			Map<SocketAddress, Integer> found = this.posix.get()
				.listeningDescriptors(open.stream().map(Listener::name).toList());
			Map<StoredName, Integer> descriptors = new LinkedHashMap<>();
			open.stream()
				.filter((listener) -> !listener.supervised())
				.forEach((listener) -> descriptors.put(StoredName.of(listener), found.get(listener.name())));
			this.serviceManager.store(descriptors);
		}
		catch (IOException ex) {
			logger.warn("The listeners can't be kept by the service manager: " + ex.getMessage());
		}
		this.serviceManager.forgetStale();
	}

}
