package io.gozd.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.gozd.daemon.Application;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;

/**
 * A Spring application as the daemon sees it.
 */
final class SpringDaemonApplication implements Application {

	private static final Log logger = LogFactory.getLog(SpringDaemonApplication.class);

	private static final long IMPATIENT_MILLIS = 500;

	private static final long LISTENERS_SECONDS = 30;

	// Not the daemon's own thread: a listener may take its time.
	private final ExecutorService events = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), SpringDaemonApplication::thread, new ThreadPoolExecutor.DiscardPolicy());

	private final List<String> obstacles = new CopyOnWriteArrayList<>();

	private volatile @Nullable ConfigurableApplicationContext context;

	private volatile String version = "";

	private volatile boolean servedElsewhere;

	private static Thread thread(Runnable task) {
		Thread thread = new Thread(task, "gozd-events");
		thread.setDaemon(true);
		return thread;
	}

	void runsIn(ConfigurableApplicationContext context) {
		this.context = context;
	}

	boolean isContext(ApplicationContext context) {
		return this.context == context;
	}

	/** The version is what the jar says that the class comes from. */
	void isStartedBy(Class<?> mainClass) {
		Package mainPackage = mainClass.getPackage();
		String version = (mainPackage != null) ? mainPackage.getImplementationVersion() : null;
		this.version = (version != null) ? version : "";
	}

	@Override
	public String version() {
		return this.version;
	}

	@Override
	public void addObstacle(String reason) {
		logger.warn("This daemon can't be reloaded. " + reason);
		this.obstacles.add(reason);
	}

	@Override
	public String obstacle() {
		return String.join("; ", this.obstacles);
	}

	@Override
	public void publish(Object event) {
		this.events.execute(() -> {
			ConfigurableApplicationContext context = this.context;
			if (context != null && context.isActive()) {
				try {
					context.publishEvent(event);
				}
				catch (RuntimeException ex) {
					logger.error("A listener of the application failed at " + event, ex);
				}
			}
		});
	}

	@Override
	public void readiness(boolean accepting, boolean elsewhere) {
		ConfigurableApplicationContext context = this.context;
		if (context != null) {
			if (elsewhere) {
				this.events.execute(() -> this.servedElsewhere = true);
			}
			publish(new AvailabilityChangeEvent<>(context,
					accepting ? ReadinessState.ACCEPTING_TRAFFIC : ReadinessState.REFUSING_TRAFFIC));
			if (!elsewhere) {
				this.events.execute(() -> this.servedElsewhere = false);
			}
		}
	}

	@Override
	public boolean isServedElsewhere() {
		return this.servedElsewhere;
	}

	@Override
	public void close(boolean patient) {
		ConfigurableApplicationContext context = this.context;
		if (context == null) {
			return;
		}
		awaitListeners(patient);
		if (!patient && context.isActive()) {
			// Else graceful shutdown waits for requests whose connections are cut
			// already.
			context.getBean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME, DefaultLifecycleProcessor.class)
				.setTimeoutPerShutdownPhase(IMPATIENT_MILLIS);
		}
		context.close();
	}

	/** What the application does about the last events, it does before it is closed. */
	private void awaitListeners(boolean patient) {
		this.events.shutdown();
		try {
			if (!this.events.awaitTermination(patient ? LISTENERS_SECONDS : 1, TimeUnit.SECONDS)) {
				logger.warn("A listener of the application takes too long: the context is closed all the same");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
