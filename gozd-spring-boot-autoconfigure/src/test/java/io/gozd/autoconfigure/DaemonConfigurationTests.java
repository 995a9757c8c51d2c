package io.gozd.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.gozd.boot.PlainEnvironment;
import io.gozd.daemon.ProcessSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class DaemonConfigurationTests {

	private static final String VARIABLE = "_JAVA_SR_SIGNUM";

	private final PlainEnvironment environment = new PlainEnvironment();

	@Test
	void withoutAPropertyItHasTheDefaults() {
		DaemonConfiguration configuration = configuration();
		assertThat(configuration.signals()).containsExactly("HUP");
		assertThat(configuration.settings().exitTimeout()).isEqualTo(Duration.ofMinutes(15));
		assertThat(configuration.settings().reloadTimeout()).isEqualTo(Duration.ofMinutes(2));
		assertThat(configuration.settings().probation()).isEqualTo(Duration.ofSeconds(5));
		assertThat(configuration.settings().maxGenerations()).isEqualTo(3);
		assertThat(configuration.settings().runDirectory()).isNull();
		assertThat(configuration.settings().pidfile()).isNull();
		assertThat(configuration.properties().enabled()).isTrue();
		assertThat(configuration.properties().drain().websocketTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(configuration.properties().drain().sseTimeout()).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void everyPropertyIsRead() {
		this.environment.withProperty("gozd.name", "shop")
			.withProperty("gozd.run-directory", "/run/shop")
			.withProperty("gozd.pidfile", "/run/shop.pid")
			.withProperty("gozd.exit-timeout", "1h")
			.withProperty("gozd.reload.timeout", "90s")
			.withProperty("gozd.reload.probation", "0s")
			.withProperty("gozd.reload.max-generations", "2")
			.withProperty("gozd.drain.websocket-timeout", "0s")
			.withProperty("gozd.drain.sse-timeout", "1500ms");
		DaemonConfiguration configuration = configuration();
		assertThat(configuration.settings().name()).isEqualTo("shop");
		assertThat(configuration.settings().named()).isTrue();
		assertThat(configuration.settings().runDirectory()).isEqualTo(Path.of("/run/shop"));
		assertThat(configuration.settings().pidfile()).isEqualTo(Path.of("/run/shop.pid"));
		assertThat(configuration.settings().exitTimeout()).isEqualTo(Duration.ofHours(1));
		assertThat(configuration.settings().reloadTimeout()).isEqualTo(Duration.ofSeconds(90));
		assertThat(configuration.settings().probation()).isZero();
		assertThat(configuration.settings().maxGenerations()).isEqualTo(2);
		assertThat(configuration.properties().drain().websocketTimeout()).isZero();
		assertThat(configuration.properties().drain().sseTimeout()).isEqualTo(Duration.ofMillis(1500));
	}

	@ParameterizedTest
	@CsvSource({ "gozd.exit-timeout, 0s, more than nothing", "gozd.exit-timeout, -1s, more than nothing",
			"gozd.reload.timeout, 0ms, more than nothing", "gozd.reload.timeout, -2m, more than nothing",
			"gozd.reload.probation, -5s, not negative", "gozd.drain.websocket-timeout, -1s, not negative",
			"gozd.drain.sse-timeout, -1ms, not negative", "gozd.reload.max-generations, 1, two generations at least",
			"gozd.reload.max-generations, -3, two generations at least", "gozd.reload.signals, USR1, HUP and USR2",
			"gozd.reload.signals, SIGHUP, HUP and USR2", "gozd.reload.signals, TERM, HUP and USR2" })
	void aValueThatCannotBeIsToldWithItsPropertyAndTheWayOut(String property, String value, String wayOut) {
		this.environment.withProperty(property, value);
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(this::configuration)
			.withMessageContaining(property)
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo(property))
			.satisfies((ex) -> assertThat(ex.getValue()).hasToString(written(value)))
			.satisfies((ex) -> assertThat(ex.getReason()).contains(wayOut));
	}

	/** Durations are told as ISO-8601 has them. */
	private static String written(String value) {
		return Map.of("0s", "PT0S", "0ms", "PT0S", "-1s", "PT-1S", "-2m", "PT-2M", "-5s", "PT-5S", "-1ms", "PT-0.001S")
			.getOrDefault(value, value);
	}

	@ParameterizedTest
	@CsvSource({ "gozd.exit-timeout, soon", "gozd.reload.timeout, 2 minutes", "gozd.reload.max-generations, many",
			"gozd.enabled, perhaps", "gozd.drain.sse-timeout, x" })
	void aValueThatCannotBeReadIsToldWithItsProperty(String property, String value) {
		this.environment.withProperty(property, value);
		assertThatExceptionOfType(BindException.class).isThrownBy(this::configuration)
			.satisfies((ex) -> assertThat(ex.getProperty().getName()).hasToString(property))
			.satisfies((ex) -> assertThat(ex.getProperty().getValue()).isEqualTo(value));
	}

	@ParameterizedTest
	@ValueSource(strings = { "60", " 35 ", "64", "13" })
	void usr2IsTakenWhereTheJvmGivesItUp(String signal) {
		this.environment.withProperty("gozd.reload.signals", "HUP,USR2");
		assertThat(DaemonConfiguration.of(this.environment, Map.of(VARIABLE, signal)::get).signals())
			.containsExactlyInAnyOrder("HUP", "USR2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "12", "0", "-1", "11", "65", "USR1", "" })
	void usr2IsRefusedWhereTheJvmKeepsIt(String signal) {
		this.environment.withProperty("gozd.reload.signals", "USR2");
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> DaemonConfiguration.of(this.environment, Map.of(VARIABLE, signal)::get))
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("gozd.reload.signals"))
			.satisfies((ex) -> assertThat(ex.getReason()).contains(VARIABLE, "'" + signal + "'", "60", "HUP"));
	}

	@Test
	void usr2IsRefusedWhereNothingIsSaidToTheJvm() {
		this.environment.withProperty("gozd.reload.signals", "USR2");
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(this::configuration)
			.satisfies((ex) -> assertThat(ex.getReason()).contains(VARIABLE, "not set", "60"));
	}

	@Test
	void theVariableIsOnlyForThoseWhoWantUsr2() {
		assertThat(DaemonConfiguration.of(this.environment, Map.of(VARIABLE, "12")::get).signals())
			.containsExactly("HUP");
	}

	@Test
	void aDaemonIsCalledAsItsApplicationUnlessItHasAName() {
		this.environment.withProperty("spring.application.name", "orders");
		assertThat(configuration().settings().name()).isEqualTo("orders");
		assertThat(configuration().settings().named()).as("other instances may have the same").isFalse();
		this.environment.withProperty("gozd.name", "orders-1");
		assertThat(configuration().settings().name()).isEqualTo("orders-1");
		assertThat(configuration().settings().named()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  " })
	void anApplicationWithoutANameIsCalledAsItsJar(String name) {
		this.environment.withProperty("spring.application.name", name);
		// The first entry of the class path: surefire's jar, or a directory.
		Path first = Path.of(System.getProperty("java.class.path").split(":")[0]).getFileName();
		assertThat(configuration().settings().name()).isNotBlank()
			.doesNotEndWith(".jar")
			.isEqualTo(first.toString().replace(".jar", ""));
	}

	@Test
	void whatTheProcessIsToBecomeIsRead() {
		assertThat(configuration().process().isEmpty()).isTrue();
		this.environment.withProperty("gozd.user", " www ")
			.withProperty("gozd.group", "33")
			.withProperty("gozd.max-fds.soft", "32677")
			.withProperty("gozd.max-fds.hard", "65536")
			.withProperty("gozd.logfile", "/var/log/shop.log")
			.withProperty("gozd.resident", "true");
		assertThat(configuration().process())
			.isEqualTo(new ProcessSettings("www", "33", 32677L, 65536L, Path.of("/var/log/shop.log"), true));
	}

	@ParameterizedTest
	@ValueSource(strings = { "gozd.max-fds.soft", "gozd.max-fds.hard" })
	void fewerFilesThanAJvmNeedsAreRefused(String property) {
		this.environment.withProperty(property, "16");
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> configuration().process())
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo(property))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("128"));
	}

	@Test
	void relativePathsAreThoseOfTheDirectoryWhereItStarted() {
		this.environment.withProperty("gozd.run-directory", "no-such-directory/../run")
			.withProperty("gozd.pidfile", "my.pid");
		assertThat(configuration().settings().runDirectory()).isEqualTo(Path.of("run").toAbsolutePath());
		assertThat(configuration().settings().pidfile()).isEqualTo(Path.of("my.pid").toAbsolutePath());
	}

	private DaemonConfiguration configuration() {
		return DaemonConfiguration.of(this.environment, (variable) -> null);
	}

}
