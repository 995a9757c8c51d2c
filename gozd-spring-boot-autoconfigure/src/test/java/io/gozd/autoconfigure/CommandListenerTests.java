package io.gozd.autoconfigure;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.gozd.boot.BootLine;
import io.gozd.boot.PlainEnvironment;
import io.gozd.command.Console;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;

final class CommandListenerTests {

	/**
	 * The order of EnvironmentPostProcessorApplicationListener, which moves in Boot 4.
	 */
	private static final int CONFIGURATION_IS_READ = Ordered.HIGHEST_PRECEDENCE + 10;

	private final PlainEnvironment environment = new PlainEnvironment();

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

	private final List<Integer> exits = new ArrayList<>();

	private int begun;

	@TempDir
	private Path directory;

	@BeforeEach
	void place() {
		this.environment.withProperty("gozd.name", "shop")
			.withProperty("gozd.run-directory", this.directory.toString());
	}

	@Test
	void withoutACommandTheApplicationRuns() {
		prepare();
		this.environment.withProperty("gozd.command", "run");
		prepare();
		assertThat(this.exits).isEmpty();
		assertThat(this.begun).isZero();
		assertThat(this.output.toString() + this.errors).isEmpty();
	}

	@Test
	void aCommandEndsTheProcessWithItsCode() {
		this.environment.withProperty("gozd.command", " Status ");
		prepare();
		assertThat(this.exits).containsExactly(3);
		assertThat(this.begun).isEqualTo(1);
		assertThat(this.output.toString()).isEqualTo("shop is not running\n");
	}

	@Test
	void theOutputIsForProgramsWhereThatIsWanted() {
		this.environment.withProperty("gozd.command", "status").withProperty("gozd.format", "json");
		prepare();
		assertThat(this.output.toString()).isEqualTo("{\"name\":\"shop\",\"running\":false,\"generations\":[]}\n");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "gozd.command | restart | Known are run, start, stop, reload, reopen, kill, status",
					"gozd.format | xml | Known are text, json", "gozd.exit-timeout | soon | 'soon'",
					"gozd.command-timeout | 0s | more than nothing", "gozd.enabled | false | no daemon to start" })
	void aWrongValueIsSaidOnceWithThePropertyAndWhatIsAllowed(String property, String value, String allowed) {
		this.environment.withProperty("gozd.command", "start").withProperty(property, value);
		prepare();
		assertThat(this.exits).containsExactly(2);
		String wrong = property.equals("gozd.enabled") ? "gozd.command=start" : property + "=";
		assertThat(this.errors.toString().strip()).startsWith(wrong).contains(allowed);
		assertThat(this.errors.toString().lines()).hasSize(1);
		assertThat(this.output.toString()).isEmpty();
	}

	/** As where an edit is not finished, or the shell has other variables. */
	@ParameterizedTest
	@CsvSource({ "status, 3", "stop, 0", "kill, 0", "reload, 1" })
	void whatIsWrongElsewhereKeepsNobodyFromACommand(String command, int exitCode) {
		this.environment.withProperty("gozd.command", command)
			.withProperty("gozd.exit-timeout", "abc")
			.withProperty("gozd.reload.timeout", "-1s")
			.withProperty("gozd.reload.signals", "USR2")
			.withProperty("gozd.reload.max-generations", "many");
		prepare();
		assertThat(this.exits).containsExactly(exitCode);
		assertThat(this.output.toString() + this.errors).contains("not running");
	}

	@Test
	void theStateIsNotKnownToWhoIsAskedInTheWrongWay() {
		this.environment.withProperty("gozd.command", "status").withProperty("gozd.command-timeout", "soon");
		prepare();
		assertThat(this.exits).containsExactly(4);
		assertThat(this.errors.toString()).startsWith("gozd.command-timeout=soon is not valid");
	}

	@Test
	void theConfigurationIsReadBeforeAndTheLogFileOpenedAfter() {
		assertThat(listener().getOrder()).isBetween(CONFIGURATION_IS_READ + 1,
				LoggingApplicationListener.DEFAULT_ORDER - 1);
	}

	private void prepare() {
		listener().onApplicationEvent(BootLine.prepared(new SpringApplication(), this.environment));
	}

	private CommandListener listener() {
		return new CommandListener((name) -> null, new Console(stream(this.output), stream(this.errors), false),
				() -> this.begun++, this.exits::add);
	}

	private static PrintStream stream(ByteArrayOutputStream bytes) {
		return new PrintStream(bytes, true, StandardCharsets.UTF_8);
	}

}
