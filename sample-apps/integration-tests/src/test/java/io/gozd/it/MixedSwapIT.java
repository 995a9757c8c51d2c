package io.gozd.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.LoadOptions.Mode;
import io.gozd.it.fixture.TokenController;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Swap after swap of a daemon with fourteen directives, as far as its server can serve
 * them, each of them under a load that never retries.
 */
@Isolated("takes all of the machine")
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(DaemonExtension.class)
class MixedSwapIT {

	/** Far longer than a busy client ever pauses, on a slow machine too. */
	private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

	private static final Duration SETTLED = Duration.ofMinutes(1);

	private static final Duration THINK = Duration.ofMillis(50);

	private static final int CLIENTS = 4;

	@EachJava(inShortForm = false)
	void losesNothingOnFourteenDirectives(JavaHome java, Daemons daemons) throws Exception {
		Fourteen fourteen = Fourteen.of(daemons, java);
		DaemonProcess daemon = daemons.start(fourteen.command);
		List<TickStream> streams = new ArrayList<>();
		try {
			for (int i = 0; i < CLIENTS; i++) {
				streams.add(TickStream.open(fourteen.endpoints.get("tcp_port"), "tcp_port"));
				streams.add(TickStream.open(fourteen.endpoints.get("tcp_sock"), "tcp_sock"));
			}
			assertThat(streams).allMatch((stream) -> stream.pid() == daemon.first().pid());
			// The first generation was not handed anything: the second one is the
			// measure.
			swapUnderLoad(daemon, fourteen, 1);
			List<String> listening = ListeningSockets.of(daemon.pid());
			Census second = census(daemon);
			swapUnderLoad(daemon, fourteen, daemons.settings().swaps() - 1);
			assertThat(census(daemon)).isEqualTo(second);
			assertThat(ListeningSockets.of(daemon.pid())).hasSize(fourteen.endpoints.size() + 1)
				.hasSameSizeAs(listening);
			daemon.await("the end of all others", SETTLED, () -> daemon.running()
				.equals(List.of(daemon.first().pid(), daemon.pid()).stream().sorted().toList()));
			for (TickStream stream : streams) {
				stream.awaitFurther(2);
				assertThat(stream.last().after()).isEqualTo("draining");
			}
		}
		finally {
			for (TickStream stream : streams) {
				stream.close();
			}
		}
		assertThat(daemon.awaitExitOfFirst(SETTLED)).isZero();
		Signal.TERM.sendTo(daemon.pid());
		daemon.await("the end of all", SETTLED, () -> daemon.running().isEmpty());
	}

	private static void swapUnderLoad(DaemonProcess daemon, Fourteen fourteen, int swaps) throws Exception {
		List<Load> loads = new ArrayList<>();
		try (Departures departures = new Departures()) {
			for (Map.Entry<String, Endpoint> each : fourteen.endpoints.entrySet()) {
				LoadOptions options = new LoadOptions(each.getValue(), Mode.MIXED, CLIENTS, THINK,
						Duration.ofSeconds(20));
				loads.add(Load.start(options, clients(each.getKey())));
			}
			for (int i = 0; i < swaps; i++) {
				Swap swap = daemon.swap();
				if (swap.old() != daemon.first().pid()) {
					departures.expect(swap.old(), KEEP_ALIVE.plus(SETTLED));
				}
				for (Load load : loads) {
					load.awaitAnswerOf(swap.successor());
					load.awaitFurtherAnswers(10);
				}
			}
			for (Load load : loads) {
				LoadReport report = load.stop();
				assertThat(report.failures()).as(report.toString()).isEmpty();
				assertThat(report.byPid()).hasSize(swaps + 1);
			}
			departures.awaitAll();
		}
		finally {
			loads.forEach(Load::close);
		}
	}

	private static Load.ClientFactory clients(String id) {
		if (id.startsWith("tcp_")) {
			return TickClient::new;
		}
		if (id.startsWith("fcgi_")) {
			return FcgiClient::new;
		}
		return id.startsWith("line_") ? LineClient::new : LoadClient::new;
	}

	private static Census census(DaemonProcess daemon) throws IOException {
		Pattern probationIsOver = Pattern.compile("Generation \\d+ of .* \\(pid " + daemon.pid() + "\\) serves");
		daemon.output().await(0, probationIsOver, SETTLED);
		return Census.settled(daemon).withoutServerThreads();
	}

	/**
	 * A daemon with fourteen directives, or those of them that its server can serve.
	 *
	 * @param command how it is started
	 * @param endpoints where each directive is reached, by id
	 */
	private record Fourteen(DaemonCommand command, Map<String, Endpoint> endpoints) {

		static Fourteen of(Daemons daemons, JavaHome java) {
			DaemonCommand command = daemons.command().withoutAddress().java(java);
			command.jar(daemons.sampleOnServerUnderTest("mixed-daemon")
				.variant()
				.configuration(TokenController.class)
				.writeTo(command.ownJar()));
			Server server = daemons.jar().server();
			Tls tls = Tls.generate(java, command.home());
			command.arguments(tls.arguments())
				.keepAliveTimeout(KEEP_ALIVE)
				// Instead of what the jar says, which not every server could serve.
				.arguments("--spring.config.location=optional:classpath:/config/")
				// The first generation lives to the end.
				.arguments("--gozd.reload.max-generations=" + (daemons.settings().swaps() + 2));
			if (!daemons.settings().full()) {
				command.probation(Duration.ofSeconds(1));
			}
			Map<String, Endpoint> endpoints = new LinkedHashMap<>();
			for (String id : List.of("http_port", "http_second", "http_third", "https_port", "https_second", "tcp_port",
					"line_port", "fcgi_port")) {
				if (!canServe(server, id)) {
					continue;
				}
				int port = id.equals("http_port") ? command.endpoint().port() : FreePort.find();
				endpoints.put(id, Endpoint.plain(port));
				command.arguments(directive(ConfiguredDirective.at(id, port)).arguments());
			}
			for (String id : List.of("http_sock", "http_other_sock", "https_sock", "tcp_sock", "line_sock",
					"fcgi_sock")) {
				if (!canServe(server, id)) {
					continue;
				}
				Path path = command.home().resolve(id);
				endpoints.put(id, Endpoint.unix(path));
				command.arguments(directive(ConfiguredDirective.at(id, path)).arguments());
			}
			endpoints.replaceAll((id, endpoint) -> id.startsWith("https_")
					? endpoint.secured(tls.context().getSocketFactory()) : endpoint);
			return new Fourteen(command, endpoints);
		}

		/** Raw TCP is nobody's server. */
		private static boolean canServe(Server server, String id) {
			if (id.startsWith("fcgi_")) {
				return server.has(ServerTrait.FASTCGI);
			}
			return !(id.startsWith("http") && id.endsWith("_sock")) || server.has(ServerTrait.UNIX);
		}

		private static ConfiguredDirective directive(ConfiguredDirective plain) {
			String protocol = plain.id().substring(0, plain.id().indexOf('_'));
			return switch (protocol) {
				case "https" -> plain.secured();
				case "line" -> plain.with("protocol", "tcp");
				default -> plain.with("protocol", protocol);
			};
		}

	}

}
