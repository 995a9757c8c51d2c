package io.gozd.boot4;

import io.gozd.boot.ServedApplication;
import io.gozd.daemon.Application;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.application.ReadinessStateHealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

final class ReadinessOnBoot4Tests {

	private final ApplicationContextRunner contexts = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ApplicationAvailabilityAutoConfiguration.class,
				AvailabilityHealthContributorAutoConfiguration.class))
		.withUserConfiguration(ReadinessConfiguration.class)
		.withPropertyValues("management.health.readinessstate.enabled=true");

	@ParameterizedTest
	@CsvSource({ "ACCEPTING_TRAFFIC, false, UP", "ACCEPTING_TRAFFIC, true, UP",
			"REFUSING_TRAFFIC, false, OUT_OF_SERVICE", "REFUSING_TRAFFIC, true, UP" })
	void healthIsThatOfTheDaemonAndNotOfTheProcess(ReadinessState state, boolean elsewhere, String health) {
		this.contexts.withBean(Application.class, () -> new ServedApplication(elsewhere)).run((context) -> {
			AvailabilityChangeEvent.publish(context, state);
			assertThat(context.getBean(ReadinessStateHealthIndicator.class).health().getStatus().getCode())
				.isEqualTo(health);
			assertThat(context.getBean(ApplicationAvailability.class).getReadinessState()).isEqualTo(state);
		});
	}

}
