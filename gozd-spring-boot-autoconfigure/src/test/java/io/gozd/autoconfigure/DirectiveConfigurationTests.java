package io.gozd.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;

import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;
import io.gozd.directive.ClaimedIds;
import io.gozd.directive.DirectivesException;
import io.gozd.directive.Fault;
import io.gozd.listener.Directives;
import io.gozd.listener.Listener;
import io.gozd.listener.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

final class DirectiveConfigurationTests {

	@RegisterExtension
	private final StartedGeneration started = new StartedGeneration();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
		.withUserConfiguration(DirectiveConfiguration.class)
		.withBean(Generation.class, this.started::generation)
		.withBean(Application.class, this.started::application);

	@Test
	void withoutDirectivesThereIsNothingToServe() {
		this.runner.run((context) -> assertThat(context.getBean(Directives.class).all()).isEmpty());
	}

	@Test
	void directivesAreOpenedOnTheListenersOfTheGenerationEvenWhereBeansAreLazy() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withPropertyValues("gozd.directives.web.address=127.0.0.1:0", "gozd.directives.echo.address=127.0.0.1:0")
			.withBean(ClaimedIds.class, () -> () -> Set.of("echo"))
			.run((context) -> {
				assertThat(this.started.generation().listeners().open()).hasSize(2);
				Directives directives = context.getBean(Directives.class);
				assertThat(directives.get("web").protocol()).isEqualTo(Protocol.HTTP);
				assertThat(directives.get("echo").protocol()).isEqualTo(Protocol.TCP);
			});
	}

	@Test
	void whatNobodyHasTakenIsClosedWithTheContext() {
		this.runner
			.withPropertyValues("gozd.directives.web.address=127.0.0.1:0", "gozd.directives.echo.address=127.0.0.1:0")
			.run((context) -> {
				Listener taken = context.getBean(Directives.class).take("web");
				context.close();
				assertThat(this.started.generation().listeners().open()).containsExactly(taken);
				taken.channel().close();
			});
	}

	@Test
	void bundlesAreThoseOfSpringBoot() {
		this.runner
			.withPropertyValues("gozd.directives.web.address=127.0.0.1:0", "gozd.directives.web.protocol=https",
					"gozd.directives.web.ssl.bundle=other", "spring.ssl.bundle.pem.mine.truststore.certificate=none")
			.run((context) -> assertThat(faultOf(context.getStartupFailure()))
				.hasToString("gozd.directives.web.ssl.bundle='other': There is no SSL bundle of that name. There are"
						+ " mine (\"gozd.directives.web.ssl.bundle\" from property source \"test\")"));
	}

	@Test
	void aFaultEndsTheStartAndLeavesNothingOpen() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.runner
				.withPropertyValues("gozd.directives.good.address=127.0.0.1:0",
						"gozd.directives.used.address=127.0.0.1:" + other.getLocalPort())
				.run((context) -> {
					assertThat(faultOf(context.getStartupFailure()).property())
						.isEqualTo("gozd.directives.used.address");
					assertThat(this.started.generation().listeners().open()).isEmpty();
				});
		}
	}

	private static Fault faultOf(Throwable failure) {
		assertThat(failure).rootCause()
			.isInstanceOfSatisfying(DirectivesException.class, (cause) -> assertThat(cause.faults()).hasSize(1));
		Throwable cause = failure;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		return ((DirectivesException) cause).faults().get(0);
	}

}
