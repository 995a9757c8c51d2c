package io.gozd.daemon;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class ExclusiveOptionsTests {

	private final List<String> notes = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(strings = { "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005",
			"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005",
			"-agentlib:jdwp=transport=dt_socket,server=y,address=localhost:5005,suspend=n",
			"-agentlib:jdwp=transport=dt_socket,server=y,address=[::1]:5005",
			"-agentlib:jdwp=address=5005,server=y,transport=dt_socket",
			"-agentlib:jdwp=transport=dt_socket,server=y,address=05005",
			"-Xrunjdwp:transport=dt_socket,server=y,suspend=n,address=5005",
			"-Xrunjdwp:transport=dt_socket,address=127.0.0.1:5005,server=y" })
	void aDebuggerThatListensOnAFixedPortIsDropped(String option) {
		assertThat(filter(2, option)).isEmpty();
		assertThat(this.notes).singleElement().asString().contains(option).contains("address=0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=0",
			"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:0",
			"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n",
			"-agentlib:jdwp=transport=dt_socket,server=n,address=localhost:5005",
			"-Xrunjdwp:transport=dt_socket,server=y,address=0", "-agentlib:hprof=address=5005,server=y",
			"-javaagent:otel.jar=address=5005", "-Dapp.address=5005" })
	void whatTwoProcessesCanHaveBothIsKept(String option) {
		assertThat(filter(2, option)).containsExactly(option);
		assertThat(this.notes).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Dcom.sun.management.jmxremote.port=9010", "-Dcom.sun.management.jmxremote.rmi.port=9011",
			"-Dcom.sun.management.jmxremote.port=09010" })
	void aFixedPortOfJmxIsDropped(String option) {
		assertThat(filter(2, option)).isEmpty();
		assertThat(this.notes).singleElement().asString().contains(option);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Dcom.sun.management.jmxremote", "-Dcom.sun.management.jmxremote.port=0",
			"-Dcom.sun.management.jmxremote.authenticate=false", "-Dmy.com.sun.management.jmxremote.port=9010" })
	void theRestOfJmxIsKept(String option) {
		assertThat(filter(2, option)).containsExactly(option);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
			-Xlog:gc:gc.log                                 | -Xlog:gc:gc.g2.log
			-Xlog:gc*:file=gc.log                           | -Xlog:gc*:file=gc.g2.log
			-Xlog:gc*,safepoint=info:file=/var/log/a.b/gc   | -Xlog:gc*,safepoint=info:file=/var/log/a.b/gc.g2
			-Xlog:gc:file=gc.log:time,uptime:filecount=5    | -Xlog:gc:file=gc.g2.log:time,uptime:filecount=5
			-Xlog:gc:file=gc.log::filesize=10M              | -Xlog:gc:file=gc.g2.log::filesize=10M
			-Xlog::all.log                                  | -Xlog::all.g2.log
			-Xlog:gc:.hidden                                | -Xlog:gc:.hidden.g2
			-Xlog:gc:dir/.hidden                            | -Xlog:gc:dir/.hidden.g2
			-Xlog:gc:file="gc log.txt"                      | -Xlog:gc:file="gc log.g2.txt"
			-Xlog:gc:"/logs/a:b.log":time                   | -Xlog:gc:"/logs/a:b.g2.log":time
			-Xloggc:gc.log                                  | -Xloggc:gc.g2.log
			""")
	void aLogFileGetsTheGenerationInItsName(String option, String renamed) {
		assertThat(filter(2, option)).containsExactly(renamed);
		assertThat(this.notes).singleElement().asString().contains(option).contains(renamed);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xlog", "-Xlog:gc", "-Xlog:gc*=debug", "-Xlog:gc:stdout", "-Xlog:gc:stderr:time,level",
			"-Xlog:disable", "-Xlog:async", "-Xlog:gc:file=gc-%p.log", "-Xlog:gc:file=gc-%t.log:time",
			"-Xlog:gc:\"gc %p.log\"", "-Xloggc:gc-%p.log", "-verbose:gc", "-Xmx1g", "-Dlog=-Xlog:gc:gc.log" })
	void aLogThatIsNoFileOrItsProcesssOwnIsKept(String option) {
		assertThat(filter(2, option)).containsExactly(option);
		assertThat(this.notes).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "-Xlog:gc:file=gc.log:time", "-Xlog:gc:gc", "-Xlog:gc:\"a:b.log\"", "-Xloggc:x/y.z/gc.txt" })
	void namesDoNotGrowFromGenerationToGeneration(String option) {
		String third = filter(3, filter(2, option).get(0)).get(0);
		assertThat(third).isEqualTo(filter(3, option).get(0)).contains(".g3").doesNotContain(".g2");
		assertThat(filter(12, third).get(0)).contains(".g12").doesNotContain(".g3");
	}

	@Test
	void theOrderOfWhatIsKeptIsKept() {
		assertThat(new ExclusiveOptions(2, this.notes::add)
			.filter(List.of("-Xmx1g", "-Xlog:gc:gc.log", "-Xrunjdwp:server=y,address=5005", "-Xss1m")))
			.containsExactly("-Xmx1g", "-Xlog:gc:gc.g2.log", "-Xss1m");
	}

	private List<String> filter(int generation, String option) {
		return new ExclusiveOptions(generation, this.notes::add).filter(List.of(option));
	}

}
