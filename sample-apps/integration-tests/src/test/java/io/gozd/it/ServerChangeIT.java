package io.gozd.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.TokenController;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The next version of the jar has another server, another line of Spring Boot or another
 * JDK: a swap like any other.
 */
@Isolated("takes all of the machine")
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(DaemonExtension.class)
class ServerChangeIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	/** Each with the next, and the last with the first, has one thing that differs. */
	private static final List<String> ROUND = List.of("http-daemon", "http-daemon-undertow", "http-daemon-jetty",
			"http-daemon-boot4-jetty", "http-daemon-boot4");

	private static final int HTTP2_CLIENTS = 4;

	@Test
	void losesNothingOnTheWayRoundAndBack(Daemons daemons) throws Exception {
		List<Station> stations = stations(daemons);
		DaemonCommand command = daemons.command();
		Link jar = new Link(command.home().resolve("current.jar"));
		Link jdk = new Link(command.home().resolve("jdk"));
		command.launcher(jdk.path().resolve("bin/java").toString())
			.jar(jar.toString())
			.arguments("--server.http2.enabled=true")
			.shortKeepAlive()
			.probation(Duration.ofSeconds(1));
		stations.get(0).deploy(jar, jdk);
		DaemonProcess daemon = daemons.start(command);
		stations.get(0).assertStarted(daemon.output().text());
		List<Long> pids = new ArrayList<>(List.of(daemon.pid()));
		try (Departures departures = new Departures();
				Load load = Load.start(LoadOptions.light(daemon.endpoint()));
				Http2Load http2 = Http2Load.start(daemon.endpoint(), HTTP2_CLIENTS)) {
			for (Station next : stations.subList(1, stations.size())) {
				next.deploy(jar, jdk);
				int mark = daemon.output().mark();
				Swap swap = daemon.swap();
				next.assertStarted(daemon.output().since(mark));
				departures.expect(swap.old(), LIMIT);
				pids.add(swap.successor());
				load.awaitFurtherAnswers(100);
				http2.awaitAnswerOf(swap.successor());
				System.out.println(next + ": " + load.soFar().failed() + " failed so far, HTTP/2: " + http2);
			}
			LoadReport report = load.stop();
			Collection<String> http2Failures = http2.stop();
			// What one protocol has lost is told whatever the other has.
			SoftAssertions.assertSoftly((softly) -> {
				softly.assertThat(report.failures()).as(report.toString()).isEmpty();
				softly.assertThat(report.byPid().keySet()).containsExactlyInAnyOrderElementsOf(pids);
				softly.assertThat(http2Failures).as(http2.toString()).isEmpty();
				softly.assertThat(http2.unprocessed()).as(http2.toString()).isZero();
				softly.assertThat(http2.pids()).containsExactlyInAnyOrderElementsOf(pids);
			});
			departures.awaitAll();
		}
	}

	/**
	 * Once round with the oldest JDK, and back with the newest: twelve swaps. A developer
	 * may have one JDK, the build may not.
	 */
	private static List<Station> stations(Daemons daemons) {
		List<JavaHome> javas = daemons.settings().javaHomes();
		if (javas.size() == 1) {
			String alone = "There is " + javas.get(0) + " alone: no swap changes it";
			assertThat(System.getenv("CI")).as(alone).isNotEqualTo("true");
			System.out.println(alone);
		}
		JavaHome oldest = javas.get(0);
		JavaHome newest = javas.get(javas.size() - 1);
		List<String> round = new ArrayList<>(ROUND);
		round.add(ROUND.get(0));
		List<Station> stations = new ArrayList<>();
		round.forEach((sample) -> stations.add(new Station(daemons.sample(sample), oldest)));
		Collections.reverse(round);
		round.forEach((sample) -> stations.add(new Station(daemons.sample(sample), newest)));
		stations.add(stations.get(0));
		return stations;
	}

	@ParameterizedTest
	@CsvSource({ "http-daemon-undertow,http,Unix socket", "http-daemon-undertow,fcgi,FastCGI",
			"http-daemon-jetty,fcgi,FastCGI", "http-daemon-boot4-jetty,fcgi,FastCGI" })
	void isRefusedWhereADirectiveCouldNotBeServed(String sample, String protocol, String reason, Daemons daemons)
			throws Exception {
		DaemonCommand command = daemons.command().withoutAddress().shortKeepAlive().probation(Duration.ofMillis(500));
		Link jar = new Link(command.home().resolve("current.jar"));
		jar.flipTo(daemons.sample(ROUND.get(0))
			.variant()
			.configuration(TokenController.class)
			.writeTo(command.ownJar())
			.path());
		Path path = command.home().resolve("only-here.sock");
		command.jar(jar.toString());
		DirectivesFile.of(command)
			.write(ConfiguredDirective.at("web", command.endpoint().port()).with("protocol", "http"),
					ConfiguredDirective.at("only-here", path).with("protocol", protocol));
		DaemonProcess daemon = daemons.start(command);
		long pid = daemon.pid();
		Load.ClientFactory clients = protocol.equals("fcgi") ? FcgiClient::new : LoadClient::new;
		try (Load web = Load.start(LoadOptions.light(command.endpoint()));
				Load onlyHere = Load.start(LoadOptions.light(Endpoint.unix(path)), clients)) {
			jar.flipTo(daemons.sample(sample).path());
			String said = daemon.failToSwap(LIMIT);
			assertThat(said.substring(said.indexOf("Reload failed"))).contains("gozd.directives.only-here", reason);
			daemon.awaitAlone(LIMIT);
			for (Load load : List.of(web, onlyHere)) {
				load.awaitFurtherAnswers(100);
				LoadReport report = load.stop();
				assertThat(report.failures()).as(report.toString()).isEmpty();
				assertThat(report.byPid()).containsOnlyKeys(pid);
			}
		}
		assertThat(path).exists();
	}

	/**
	 * What serves for a while.
	 *
	 * @param jar the jar
	 * @param java what it is run on
	 */
	private record Station(DaemonJar jar, JavaHome java) {

		void deploy(Link jarLink, Link jdkLink) throws Exception {
			jarLink.flipTo(this.jar.path());
			jdkLink.flipTo(this.java.path());
		}

		/** Lest the chain be one of swaps from the same to the same. */
		void assertStarted(String said) {
			Server server = this.jar.server();
			assertThat(said).contains("(v" + server.boot() + ")", server.kind() + " started on port")
				.containsPattern("using Java " + this.java.feature() + "\\b");
		}

		@Override
		public String toString() {
			return this.jar.server() + ", " + this.java;
		}

	}

}
