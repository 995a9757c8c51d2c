package io.gozd.autoconfigure;

import io.gozd.daemon.Application;
import io.gozd.daemon.DaemonException;
import io.gozd.daemon.Generation;
import io.gozd.undertow.UndertowWebSockets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

final class UndertowConfigurationTests extends WebServerContract {

	UndertowConfigurationTests() {
		super("undertow", UndertowWebSockets.class);
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,http", "SERVLET,fcgi", "REACTIVE,http", "REACTIVE,fcgi" })
	void whatItCanNotServeIsRefusedWithItsName(Kind kind, String protocol) {
		boolean fcgi = protocol.equals("fcgi");
		Throwable failure = failureOf(kind, "gozd.directives.odd.protocol=" + protocol,
				"gozd.directives.odd.address=" + (fcgi ? "127.0.0.1:0" : directory().resolve("s")));
		assertThat(failure).hasMessageContaining("gozd.directives.odd.")
			.hasMessageContaining("the application's web server is Undertow, which "
					+ (fcgi ? "does not speak FastCGI" : "serves TCP alone"));
		assertThat(((DaemonException) failure).action()).startsWith("Use spring-boot-starter-tomcat")
			.endsWith("or remove it");
	}

	@Test
	void anApplicationWithoutUndertowStarts() {
		new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
			.withConfiguration(
					AutoConfigurations.of(GozdAutoConfiguration.class, ServletWebServerFactoryAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.undertow", "org.xnio",
					"org.springframework.boot.web.embedded.undertow"))
			.withBean(Generation.class, started()::generation)
			.withBean(Application.class, started()::application)
			.withPropertyValues("server.port=0")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(UndertowWebSockets.class));
	}

}
