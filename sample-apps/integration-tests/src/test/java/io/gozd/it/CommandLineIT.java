package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.Chatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A successor is started as its predecessor was.
 */
@ExtendWith(DaemonExtension.class)
class CommandLineIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@EachJava
	void isTheSameForEveryGeneration(JavaHome java, Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).java(java)
			.jvm("-Dit.words=two words", "-Dit.empty=", "-XX:+ExitOnOutOfMemoryError", "-ea")
			.arguments("--it.option=more than one word", "plain 'quoted\" $word", "", "--it.unicode=gozdziki \u017c")
			.environment("IT_WORDS", "two words")
			.environment("IT_LINES", "two\nlines = of it")
			.environment("JAVA_TOOL_OPTIONS", "-Dit.tool=option");
		Path directory = Files.createDirectory(command.home().resolve("working directory"));
		DaemonProcess daemon = daemons.start(command.in(directory));
		ProcessView first = new ProcessView(daemon.pid());
		List<String> vector = first.commandLine();
		SortedMap<String, String> environment = first.environment();
		assertThat(vector).isEqualTo(command.vector());
		assertThat(environment.get("IT_LINES")).isEqualTo("two\nlines = of it");

		ProcessView second = new ProcessView(daemon.swap().successor());
		List<String> secondVector = second.commandLine();
		assertInherited(secondVector, vector);
		assertInherited(second.environment(), environment);
		assertThat(second.workingDirectory()).isEqualTo(directory);
		daemon.awaitAlone(LIMIT);

		ProcessView third = new ProcessView(daemon.swap().successor());
		assertThat(third.commandLine()).isEqualTo(secondVector);
		assertInherited(third.environment(), environment);
		assertThat(third.workingDirectory()).isEqualTo(directory);
	}

	/** All of it, in its order; what gozd adds is known by its name. */
	private static void assertInherited(List<String> vector, List<String> original) {
		List<String> added = new ArrayList<>();
		int next = 0;
		for (String argument : vector) {
			if (next < original.size() && argument.equals(original.get(next))) {
				next++;
			}
			else {
				added.add(argument);
			}
		}
		assertThat(next).as("inherited of " + original + " by " + vector).isEqualTo(original.size());
		assertThat(added)
			.allMatch((argument) -> argument.startsWith("-Dgozd.") || argument.startsWith("--enable-native-access="));
	}

	/** Only names are told: values may be secrets of the machine that runs the tests. */
	private static void assertInherited(Map<String, String> environment, Map<String, String> original) {
		Set<String> names = new TreeSet<>(original.keySet());
		names.addAll(environment.keySet());
		names.removeIf((name) -> name.startsWith("GOZD_") && !original.containsKey(name));
		assertThat(names).allSatisfy((name) -> assertThat(Objects.equals(environment.get(name), original.get(name)))
			.as("whether " + name + " is inherited")
			.isTrue());
	}

	@Test
	void worksWithAnArgumentFile(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons).jvm("-Dit.words=two words").throughArgumentFile();
		DaemonProcess daemon = daemons.start(command);
		assertThat(new ProcessView(daemon.pid()).commandLine()).isEqualTo(command.vector()).hasSize(2);
		swapTwice(daemon);
	}

	@Test
	void worksWithARelativeLauncher(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons).launcher("jdk/bin/java");
		Files.createSymbolicLink(command.home().resolve("jdk"), daemons.settings().java().path());
		DaemonProcess daemon = daemons.start(command);
		swapTwice(daemon);
		assertThat(new ProcessView(daemon.pid()).commandLine()).startsWith("jdk/bin/java");
	}

	@Test
	void worksWithALauncherOnThePath(Daemons daemons) throws IOException {
		Path tools = daemons.settings().java().tool("java").getParent();
		DaemonProcess daemon = daemons.start(command(daemons).launcher("java")
			.through("env")
			.environment("PATH", tools + ":" + System.getenv("PATH")));
		swapTwice(daemon);
		assertThat(new ProcessView(daemon.pid()).commandLine()).startsWith("java");
	}

	@Test
	void losesTheFixedPortOfTheDebugger(Daemons daemons) throws IOException {
		String option = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + FreePort.find();
		assertSwapsWithout(daemons, List.of(option));
	}

	@Test
	void losesTheFixedPortOfJmx(Daemons daemons) throws IOException {
		String option = "-Dcom.sun.management.jmxremote.port=" + FreePort.find();
		DaemonCommand command = command(daemons).jvm("-Dcom.sun.management.jmxremote.authenticate=false",
				"-Dcom.sun.management.jmxremote.ssl=false", "-Dcom.sun.management.jmxremote.host=127.0.0.1");
		assertSwapsWithout(daemons, command, option);
	}

	private static void assertSwapsWithout(Daemons daemons, List<String> options) throws IOException {
		assertSwapsWithout(daemons, command(daemons), options.get(0));
	}

	private static void assertSwapsWithout(Daemons daemons, DaemonCommand command, String option) throws IOException {
		DaemonProcess daemon = daemons.start(command.jvm(option));
		int mark = daemon.output().mark();
		Swap swap = daemon.swap();
		assertThat(daemon.output().lines(mark, Pattern.compile(Pattern.quote(option)))).hasSize(1);
		assertThat(new ProcessView(swap.successor()).commandLine()).doesNotContain(option);
		daemon.awaitAlone(LIMIT);
		daemon.swap();
		assertThat(daemon.get().generation()).isEqualTo(3);
	}

	@Test
	void renamesTheFileOfTheLog(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		Path log = command.home().resolve("gc.log");
		String option = "-Xlog:gc*:file=" + log + ":time,uptime";
		DaemonProcess daemon = daemons.start(command.jvm(option));
		assertThat(log).isNotEmptyFile();
		int mark = daemon.output().mark();
		Swap swap = daemon.swap();
		assertThat(daemon.output().lines(mark, Pattern.compile(Pattern.quote(option)))).hasSize(1);
		daemon.awaitAlone(LIMIT);
		try (Stream<Path> files = Files.list(command.home())) {
			assertThat(files.map((file) -> file.getFileName().toString()).filter((name) -> name.startsWith("gc")))
				.hasSize(2);
		}
		// A second JVM that opens the file empties it.
		assertThat(Files.readString(log)).contains("Using ");
		assertThat(new ProcessView(swap.successor()).runs()).isTrue();
		daemon.swap();
	}

	@Test
	void keepsOutputAndErrorsApart(Daemons daemons) throws IOException {
		DaemonCommand command = chatty(daemons);
		Path errors = command.home().resolve("errors.log");
		DaemonProcess daemon = daemons.start(command.through("sh", "-c", "exec \"$@\" 2>>" + errors, "sh"));
		for (int i = 0; i < 3; i++) {
			long pid = daemon.pid();
			daemon.await("the words of " + pid, LIMIT, () -> daemon.output().text().contains("said by " + pid)
					&& Files.readString(errors).contains("complained by " + pid));
			daemon.swap();
			daemon.awaitAlone(LIMIT);
		}
		assertThat(daemon.output().text()).doesNotContain("complained by");
		assertThat(Files.readString(errors)).doesNotContain("said by");
	}

	@Test
	void writesOnIntoAPipe(Daemons daemons) {
		DaemonProcess daemon = daemons.start(chatty(daemons).through("sh", "-c", "\"$@\" 2>&1 | cat", "sh"));
		for (int i = 0; i < 3; i++) {
			long pid = daemon.pid();
			daemon.await("the words of " + pid, LIMIT, () -> daemon.output().text().contains("said by " + pid)
					&& daemon.output().text().contains("complained by " + pid));
			long old = daemon.swap().old();
			daemon.awaitGone(old, LIMIT);
		}
	}

	private static void swapTwice(DaemonProcess daemon) throws IOException {
		daemon.swap();
		daemon.awaitAlone(LIMIT);
		daemon.swap();
		daemon.awaitAlone(LIMIT);
		assertThat(daemon.get().generation()).isEqualTo(3);
	}

	private static DaemonCommand chatty(Daemons daemons) {
		DaemonCommand command = command(daemons);
		return command.jar(daemons.jar().variant().configuration(Chatter.class).writeTo(command.ownJar()));
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.command().probation(Duration.ofMillis(500));
	}

}
