package io.gozd.autoconfigure;

import java.util.List;

import io.gozd.daemon.DaemonException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

final class DaemonFailureAnalyzerTests {

	private final DaemonException failure = new DaemonException("The directory '/run/x' is another user's",
			"Set gozd.run-directory to one of your own");

	@Test
	void whatIsWrongAndTheWayOutAreToldApart() {
		FailureAnalysis analysis = new DaemonFailureAnalyzer()
			.analyze(new IllegalStateException("The context does not start", this.failure));
		assertThat(analysis.getDescription()).isEqualTo("The directory '/run/x' is another user's");
		assertThat(analysis.getAction()).isEqualTo("Set gozd.run-directory to one of your own");
		assertThat(analysis.getCause()).isSameAs(this.failure);
	}

	@Test
	void otherFailuresAreLeftToOthers() {
		assertThat(new DaemonFailureAnalyzer().analyze(new IllegalStateException("Something else"))).isNull();
	}

	@Test
	void springBootFindsIt() {
		List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, FailureHandler.handleMessage((message, failure) -> {
				// Those that need a context are not asked for here.
			}));
		assertThat(analyzers).hasAtLeastOneElementOfType(DaemonFailureAnalyzer.class);
	}

}
