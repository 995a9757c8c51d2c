package io.gozd.boot4;

import io.gozd.boot.DaemonReadiness;
import io.gozd.daemon.Application;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.health.application.ReadinessStateHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health endpoint's readiness is that of the daemon, not of the process that happens
 * to answer.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.health.application.ReadinessStateHealthIndicator")
final class ReadinessConfiguration {

	// Static, and with providers: it is made before all other beans.
	@Bean
	static BeanPostProcessor gozdReadiness(ObjectProvider<ApplicationAvailability> process,
			ObjectProvider<Application> application) {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				return (bean.getClass() == ReadinessStateHealthIndicator.class) ? new ReadinessStateHealthIndicator(
						new DaemonReadiness(process.getObject(), application.getObject())) : bean;
			}

		};
	}

}
