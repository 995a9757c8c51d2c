package io.gozd.autoconfigure;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import io.gozd.command.Command;
import io.gozd.command.Console;
import io.gozd.daemon.Generation;
import io.gozd.daemon.Launch;
import io.gozd.daemon.ProcessSettings;
import io.gozd.directive.ConfiguredDirectives;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Follows one {@code SpringApplication} from its first instant, long before there is a
 * context: that is when signals are taken and a successor says HELLO.
 */
final class GozdApplicationListener implements ApplicationListener<ApplicationEvent>, Ordered {

	private static final Log logger = LogFactory.getLog(GozdApplicationListener.class);

	/**
	 * A process has one set of signals: the first application that can be a daemon is it.
	 */
	private static final AtomicReference<GozdApplicationListener> first = new AtomicReference<>();

	private final SpringDaemonApplication application = new SpringDaemonApplication();

	private @Nullable StandAside standAside;

	private @Nullable Launch launch;

	private @Nullable Generation generation;

	private @Nullable DaemonConfiguration configuration;

	private boolean started;

	private boolean accepting;

	@Override
	public int getOrder() {
		// When logging works: what is wrong can be said.
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof ApplicationStartingEvent starting) {
			begin(starting.getSpringApplication());
		}
		else if (event instanceof ApplicationEnvironmentPreparedEvent prepared) {
			configure(prepared.getEnvironment());
		}
		else if (event instanceof ApplicationContextInitializedEvent initialized) {
			register(initialized.getApplicationContext());
		}
		else if (event instanceof ApplicationReadyEvent ready) {
			if (this.generation != null && this.application.isContext(ready.getApplicationContext())) {
				this.started = true;
				readyIfAccepting();
				loadClasses();
			}
		}
		else if (event instanceof AvailabilityChangeEvent<?> change
				&& change.getState() instanceof ReadinessState state) {
			this.accepting = state == ReadinessState.ACCEPTING_TRAFFIC;
			readyIfAccepting();
		}
		else if (event instanceof ApplicationFailedEvent failed) {
			failed(failed.getException());
		}
	}

	private void begin(SpringApplication springApplication) {
		Optional<StandAside> reason = StandAside.from(springApplication.getMainApplicationClass());
		this.standAside = reason.orElse(null);
		if (reason.isEmpty() && !first.compareAndSet(null, this)) {
			this.standAside = StandAside.secondApplication();
			if (springApplication.getWebApplicationType() != WebApplicationType.NONE) {
				// A child context, say: nothing holds its server back until COMMIT.
				first.get().application.addObstacle("This process has a second Spring application with a server of"
						+ " its own: have one application, or set gozd.enabled=false");
			}
		}
		if (this.standAside == null) {
			this.application.isStartedBy(springApplication.getMainApplicationClass());
			try {
				Launch launch = Launch.begin();
				if (!launch.isStartedToRun()) {
					// Told of the configuration before this one.
					springApplication
						.addListeners(new CommandListener(System::getenv, new Console(System.out, System.err, false),
								() -> launch.abandon("a command is done"), System::exit));
				}
				this.launch = launch;
				springApplication.addListeners(new EarlyConfiguration(this::prepare));
			}
			catch (IOException ex) {
				this.standAside = StandAside.unexpected(String.valueOf(ex.getMessage()));
			}
		}
		StandAside aside = this.standAside;
		if (aside != null && aside.refusesCommands()) {
			springApplication.addListeners(new EarlyConfiguration(UnappliedUser.of(aside)::check));
		}
	}

	/** Before logging opens its files: they are to belong to the daemon's user. */
	private void prepare(ConfigurableEnvironment environment) {
		Launch launch = this.launch;
		if (launch == null || !environment.getProperty("gozd.enabled", Boolean.class, true)) {
			return;
		}
		DaemonConfiguration configuration = DaemonConfiguration.of(environment, System::getenv);
		this.configuration = configuration;
		ProcessSettings process = configuration.process();
		if (!process.isEmpty()) {
			launch.prepare(process, configuration.settings(),
					(listeners) -> ConfiguredDirectives.prepare(environment, listeners));
		}
	}

	private void configure(ConfigurableEnvironment environment) {
		StandAside aside = this.standAside;
		if (aside != null) {
			refuseCommand(environment, aside);
			String text = "gozd stands aside: " + aside.reason();
			if (aside.expected()) {
				logger.debug(text);
			}
			else {
				logger.info(text);
			}
			return;
		}
		Launch launch = this.launch;
		if (launch == null) {
			return;
		}
		if (!environment.getProperty("gozd.enabled", Boolean.class, true)) {
			launch.abandon("gozd.enabled=false in the new configuration");
			logger.debug("gozd stands aside: gozd.enabled=false");
			return;
		}
		if (this.configuration == null) {
			// The listener that goes first was taken away, say.
			prepare(environment);
		}
		DaemonConfiguration configuration = Objects.requireNonNull(this.configuration);
		this.generation = launch.configure(configuration.settings(), configuration.signals(), this.application);
	}

	/** To run the application would be something else than was asked for. */
	static void refuseCommand(Environment environment, StandAside aside) {
		Command command = aside.refusesCommands() ? CommandProperties.command(environment) : Command.RUN;
		if (command != Command.RUN) {
			throw new InvalidConfigurationPropertyValueException("gozd.command", command.text(),
					"gozd stands aside: " + aside.reason());
		}
	}

	private void register(ConfigurableApplicationContext context) {
		if (this.generation != null) {
			this.application.runsIn(context);
			context.getBeanFactory().registerSingleton("gozdDaemon", this.generation);
			context.getBeanFactory().registerSingleton("gozdDaemonApplication", this.application);
		}
	}

	private void readyIfAccepting() {
		if (this.generation != null && this.started && this.accepting) {
			this.generation.ready();
		}
	}

	private void loadClasses() {
		Thread thread = new Thread(() -> OwnClasses.load(getClass().getClassLoader()), "gozd-classes");
		thread.setDaemon(true);
		thread.setPriority(Thread.MIN_PRIORITY);
		thread.start();
	}

	private void failed(Throwable exception) {
		if (this.generation != null) {
			Throwable cause = exception;
			while (cause.getCause() != null) {
				cause = cause.getCause();
			}
			this.generation.failed("the application does not start: " + cause);
		}
		else if (this.launch != null) {
			this.launch.failed();
		}
	}

}
