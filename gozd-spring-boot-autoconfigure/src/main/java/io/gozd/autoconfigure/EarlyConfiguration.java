package io.gozd.autoconfigure;

import java.util.function.Consumer;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Passes the environment on as soon as it is known, before logging is configured.
 */
final class EarlyConfiguration implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private final Consumer<ConfigurableEnvironment> listener;

	EarlyConfiguration(Consumer<ConfigurableEnvironment> listener) {
		this.listener = listener;
	}

	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER - 1;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		this.listener.accept(event.getEnvironment());
	}

}
