package io.gozd.daemon;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;

final class SuccessorCommandTests {

	private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

	private final Map<String, String> environment = new HashMap<>();

	@Test
	void theCommandIsRepeatedAsTyped() {
		assertThat(arguments("./java", "-Xmx64m", "-jar", "app.jar", "--server.port=80", "", "a b"))
			.containsExactly("./java", "-Xmx64m", "-jar", "app.jar", "--server.port=80", "", "a b");
	}

	@Test
	void optionsOfTheJvmAreFilteredAndTheProgramsArgumentsAreNot() {
		SuccessorCommand command = command("java", "-Xlog:gc:gc.log", "-jar", "app.jar", "-Xlog:gc:gc.log");
		assertThat(withoutNativeAccess(command.arguments())).containsExactly("java", "-Xlog:gc:gc.g2.log", "-jar",
				"app.jar", "-Xlog:gc:gc.log");
		assertThat(command.notes()).hasSize(1);
	}

	@Test
	void withoutAJarEverythingMayBeAnOption() {
		assertThat(arguments("java", "-Xrunjdwp:server=y,address=5005", "-cp", "classes:lib/*", "app.Main", "-x"))
			.containsExactly("java", "-cp", "classes:lib/*", "app.Main", "-x");
	}

	@Test
	void aLauncherAloneIsRepeated() {
		assertThat(arguments("java")).containsExactly("java");
		assertThat(arguments("java", "-jar")).containsExactly("java", "-jar");
	}

	@Test
	void optionsInVariablesAreFilteredAndOnlyChangedOnesAreSet() {
		this.environment.put("JAVA_TOOL_OPTIONS", " -Xmx1g  -agentlib:jdwp=server=y,address=5005 ");
		this.environment.put("JDK_JAVA_OPTIONS", "-Xlog:gc:gc.log");
		this.environment.put("_JAVA_OPTIONS", "-Xmx1g   -Xss1m");
		this.environment.put("JAVA_OPTS", "-Xlog:gc:gc.log");
		SuccessorCommand command = command("java", "-jar", "app.jar");
		assertThat(command.environment())
			.isEqualTo(Map.of("JAVA_TOOL_OPTIONS", "-Xmx1g", "JDK_JAVA_OPTIONS", "-Xlog:gc:gc.g2.log"));
		assertThat(command.notes()).hasSize(2);
	}

	@Test
	void emptyAndMissingVariablesAreLeftAlone() {
		this.environment.put("JAVA_TOOL_OPTIONS", "");
		assertThat(command("java", "-jar", "app.jar").environment()).isEmpty();
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_23)
	void nativeAccessIsNotMentionedToAJvmThatDoesNotWarn() {
		assertThat(command("java", "-jar", "app.jar").arguments()).doesNotContain(NATIVE_ACCESS);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_24)
	void nativeAccessIsAllowedWhereTheJvmWarns() {
		assertThat(command("java", "-jar", "app.jar").arguments()).containsExactly("java", NATIVE_ACCESS, "-jar",
				"app.jar");
	}

	@Test
	void nativeAccessThatSomebodyHasDecidedOnIsLeftAlone() {
		assertThat(command("java", "--enable-native-access=some.module", "-jar", "app.jar").arguments())
			.containsExactly("java", "--enable-native-access=some.module", "-jar", "app.jar");
	}

	private List<String> arguments(String... commandLine) {
		return withoutNativeAccess(command(commandLine).arguments());
	}

	private static List<String> withoutNativeAccess(List<String> arguments) {
		return arguments.stream().filter((argument) -> !argument.equals(NATIVE_ACCESS)).toList();
	}

	private SuccessorCommand command(String... commandLine) {
		return SuccessorCommand.of(List.of(commandLine), this.environment::get, 2);
	}

}
