package io.gozd.autoconfigure;

import io.gozd.daemon.DaemonException;
import io.gozd.tcp.HandlesDirective;
import io.gozd.tcp.TcpConnection;
import io.gozd.tcp.TcpHandler;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

final class HandlerIdsTests {

	@Test
	void handlersSayOnTheirClassOrOnTheirMethodWhatTheyClaim() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Lambdas.class,
				EchoHandler.class)) {
			assertThat(HandlerIds.of(context)).containsOnly(entry("echo", "handlerIdsTests.EchoHandler"),
					entry("echo-too", "handlerIdsTests.EchoHandler"), entry("lambda", "lambda"));
		}
	}

	@Test
	void whereThereAreNoHandlersNothingIsClaimed() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Object.class)) {
			assertThat(HandlerIds.of(context)).isEmpty();
		}
	}

	@Test
	void noHandlerIsMadeForThat() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Lazies.class)) {
			assertThat(HandlerIds.of(context)).containsOnly(entry("lazy", "lazy"));
			assertThat(context.getBeanFactory().containsSingleton("lazy")).isFalse();
		}
	}

	@Test
	void aHandlerBehindAProxyCountsOnce() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Proxies.class)) {
			assertThat(HandlerIds.of(context)).containsOnly(entry("proxied", "proxied"));
		}
	}

	@Test
	void twoHandlersOfOneDirectiveAreAFault() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Lambdas.class,
				EchoHandler.class, OtherEchoes.class)) {
			assertThatExceptionOfType(DaemonException.class).isThrownBy(() -> HandlerIds.of(context))
				.withMessage("The handlers 'handlerIdsTests.EchoHandler' and 'other' both claim gozd.directives.echo")
				.satisfies((ex) -> assertThat(ex.action()).contains("@HandlesDirective"));
		}
	}

	@Test
	void aHandlerThatClaimsNothingIsAFault() {
		for (Class<?> configuration : new Class<?>[] { Unclaimed.class, ClaimsNothing.class }) {
			try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(configuration)) {
				assertThatExceptionOfType(DaemonException.class).isThrownBy(() -> HandlerIds.of(context))
					.withMessage("The handler 'handler' claims no directive")
					.satisfies((ex) -> assertThat(ex.action()).contains("@HandlesDirective"));
			}
		}
	}

	@HandlesDirective({ "echo", "echo-too" })
	static final class EchoHandler implements TcpHandler {

		@Override
		public void handle(TcpConnection connection) throws Exception {
			connection.inputStream().transferTo(connection.outputStream());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Lambdas {

		@Bean
		@HandlesDirective("lambda")
		TcpHandler lambda() {
			return (connection) -> connection.outputStream().write('l');
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Lazies {

		@Bean
		@Lazy
		@HandlesDirective("lazy")
		TcpHandler lazy() {
			throw new AssertionError("Nobody asked for it");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Proxies {

		@Bean
		@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
		@HandlesDirective("proxied")
		TcpHandler proxied() {
			return (connection) -> connection.outputStream().write('p');
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherEchoes {

		@Bean
		@HandlesDirective("echo")
		TcpHandler other() {
			return (connection) -> connection.outputStream().write('o');
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Unclaimed {

		@Bean
		TcpHandler handler() {
			return (connection) -> connection.outputStream().write('u');
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ClaimsNothing {

		@Bean
		@HandlesDirective({})
		TcpHandler handler() {
			return (connection) -> connection.outputStream().write('n');
		}

	}

}
