package io.gozd.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.gozd.it.fixture.FrontEndController;
import io.gozd.it.fixture.GatedEvents;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The same requests through each web server that speaks FastCGI, to one daemon.
 */
@ExtendWith(DaemonExtension.class)
class FrontEndIT {

	private static final Duration LIMIT_OF_CASE = Duration.ofMinutes(2);

	@TestFactory
	@Execution(ExecutionMode.SAME_THREAD)
	Stream<DynamicTest> serves(Daemons daemons) {
		DaemonCommand command = daemons.command("fcgi-std");
		command.jar(daemons.sample("fcgi-std")
			.variant()
			.configuration(FrontEndController.class, GatedEvents.class)
			.writeTo(command.ownJar()));
		Endpoint port = Endpoint.plain(FreePort.find());
		// Open to the user that Apache becomes.
		Path path = daemons.openDirectory().resolve("fcgi.sock");
		Endpoint socket = Endpoint.unix(path);
		command.arguments(ConfiguredDirective.at("fcgi_port", port.port()).arguments())
			.arguments(ConfiguredDirective.at("fcgi_sock", path).arguments())
			.answersFcgiAt(port);
		DaemonProcess daemon = daemons.start(command);
		List<DynamicTest> tests = new ArrayList<>();
		for (Endpoint endpoint : List.of(port, socket)) {
			for (boolean keepConn : List.of(true, false)) {
				for (boolean buffering : List.of(true, false)) {
					tests.add(test(daemons, daemon, endpoint, new Nginx(keepConn, buffering)));
				}
			}
		}
		tests.add(test(daemons, daemon, socket, new Lighttpd()));
		tests.add(test(daemons, daemon, socket, new Apache(false)));
		tests.add(test(daemons, daemon, port, new Apache(true)));
		tests.add(test(daemons, daemon, port, new HaProxy(true)));
		tests.add(test(daemons, daemon, socket, new HaProxy(false)));
		tests.add(test(daemons, daemon, socket, new Caddy()));
		for (Endpoint endpoint : List.of(port, socket)) {
			tests.add(DynamicTest.dynamicTest("cgi-fcgi, " + transport(endpoint), () -> assertServes(daemon,
					CgiFcgi.before(endpoint, daemons.directory("cgi-fcgi")), List.of(WebTrait.TAKES_CHUNKS))));
		}
		return tests.stream();
	}

	private static DynamicTest test(Daemons daemons, DaemonProcess daemon, Endpoint endpoint, WebServer server) {
		return DynamicTest.dynamicTest(server + ", " + transport(endpoint), () -> {
			try (FrontEnd frontEnd = FrontEnd.start(server, daemons.directory("front-end"), endpoint)) {
				assertServes(daemon, frontEnd, server.lacks());
			}
		});
	}

	private static String transport(Endpoint endpoint) {
		return (endpoint.path() != null) ? "Unix socket" : "TCP";
	}

	/**
	 * Asks everything, and then tells all that was answered wrongly.
	 */
	private static void assertServes(DaemonProcess daemon, WebClient client, List<WebTrait> lacks) {
		List<String> failures = new ArrayList<>();
		for (WebCase each : WebCases.all()) {
			if (each.needs().stream().anyMatch(lacks::contains)) {
				continue;
			}
			try {
				Assertions.assertTimeoutPreemptively(LIMIT_OF_CASE, () -> each.check().through(client));
			}
			catch (Throwable ex) {
				failures.add(each.name() + ": " + ex);
			}
		}
		if (!failures.isEmpty()) {
			throw new AssertionError(
					String.join("\n", failures) + "\n" + client.output() + "\n" + daemon.output().tail());
		}
	}

}
