package io.gozd.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.gozd.directive.ConfiguredDirectives;
import io.gozd.directive.DirectivesException;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.NativePosix;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class DirectivesFailureAnalyzerTests {

	@Test
	void everyFaultIsToldWithItsWayOut() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new MapPropertySource("options", new TreeMap<>(
					Map.of("gozd.directives.web.address", "127.0.0.1", "gozd.directives.web.protocol", "https"))));
		DirectivesException failure = catchThrowableOfType(DirectivesException.class,
				() -> new ConfiguredDirectives(environment, List.of(), Set.of())
					.open(new ListenerTable(NativePosix::get, List::of)));
		FailureAnalysis analysis = new DirectivesFailureAnalyzer()
			.analyze(new IllegalStateException("The context does not start", failure));
		assertThat(analysis.getDescription()).isEqualTo("""
				The directives can't be opened as they are configured:

				    Property: gozd.directives.web.address
				    Value: "127.0.0.1"
				    Origin: "gozd.directives.web.address" from property source "options"
				    Reason: The port is missing

				    Property: gozd.directives.web.ssl.bundle
				    Origin: "gozd.directives.web.address" from property source "options"
				    Reason: A directive of the protocol https needs a certificate""");
		assertThat(analysis.getAction()).isEqualTo(
				"""
						Change the configuration:

						    gozd.directives.web.address: Write 127.0.0.1:8080, say.
						    gozd.directives.web.ssl.bundle: Name an SSL bundle, one that is configured below spring.ssl.bundle.""");
		assertThat(analysis.getCause()).isSameAs(failure);
	}

	@Test
	void springBootFindsIt() {
		List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, FailureHandler.handleMessage((message, failure) -> {
				// Those that need a context are not asked for here.
			}));
		assertThat(analyzers).hasAtLeastOneElementOfType(DirectivesFailureAnalyzer.class);
	}

}
