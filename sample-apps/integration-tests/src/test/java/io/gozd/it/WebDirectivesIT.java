package io.gozd.it;

import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Several directives of HTTP and HTTPS on whatever server the application has.
 */
@ExtendWith(DaemonExtension.class)
class WebDirectivesIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final int CLIENTS = 4;

	@EachJava(inShortForm = false)
	void areAllHandedOver(JavaHome java, Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).java(java);
		Tls tls = Tls.generate(java, command.home());
		command.arguments(tls.arguments());
		Map<ConfiguredDirective, Endpoint> directives = new LinkedHashMap<>();
		directives.put(stays(command), command.endpoint());
		int second = FreePort.find();
		directives.put(http("second", second), Endpoint.plain(second));
		int secured = FreePort.find();
		directives.put(ConfiguredDirective.at("secured", secured).secured(), tls.endpoint(secured));
		if (daemons.jar().server().has(ServerTrait.UNIX)) {
			Path path = command.home().resolve("web.sock");
			directives.put(http("path", path), Endpoint.unix(path));
		}
		DirectivesFile.of(command).write(List.copyOf(directives.keySet()));
		DaemonProcess daemon = daemons.start(command);
		List<Long> pids = new ArrayList<>(List.of(daemon.pid()));
		List<Load> loads = new ArrayList<>();
		try (Departures departures = new Departures()) {
			for (Endpoint endpoint : directives.values()) {
				loads.add(Load.start(LoadOptions.light(endpoint).clients(CLIENTS)));
			}
			for (int i = 0; i < daemons.settings().swaps(); i++) {
				Swap swap = daemon.swap();
				departures.expect(swap.old(), LIMIT);
				pids.add(swap.successor());
				for (Load load : loads) {
					load.awaitFurtherAnswers(50);
				}
			}
			for (Load load : loads) {
				LoadReport report = load.stop();
				assertThat(report.failures()).as(report.toString()).isEmpty();
				assertThat(report.byPid().keySet()).containsExactlyInAnyOrderElementsOf(pids);
			}
			departures.awaitAll();
		}
		finally {
			loads.forEach(Load::close);
		}
	}

	@Test
	void areAddedChangedAndRemovedBesideThoseThatStay(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		Tls tls = Tls.generate(daemons.settings().java(), command.home());
		DirectivesFile file = DirectivesFile.of(command.arguments(tls.arguments()));
		Endpoint changed = Endpoint.plain(FreePort.find());
		Endpoint added = Endpoint.plain(FreePort.find());
		file.write(stays(command), http("changed", changed.port()));
		DaemonProcess daemon = daemons.start(command);
		try (Load load = Load.start(LoadOptions.light(command.endpoint()))) {
			assertThat(HttpAnswer.of(changed).pid()).isEqualTo(daemon.pid());
			file.write(stays(command), ConfiguredDirective.at("changed", changed.port()).secured(),
					http("added", added.port()));
			Swap more = daemon.swap();
			assertThat(HttpAnswer.of(tls.endpoint(changed.port())).pid()).isEqualTo(more.successor());
			assertThat(HttpAnswer.of(added).pid()).isEqualTo(more.successor());
			file.write(stays(command));
			Swap fewer = daemon.swap();
			for (Endpoint removed : List.of(changed, added)) {
				daemon.await("the end of the listener", LIMIT, () -> ConnectionTable.listening(removed) == 0);
				assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> HttpAnswer.of(removed));
			}
			daemon.awaitGone(fewer.old(), LIMIT);
			load.awaitFurtherAnswers(50);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid().keySet()).containsExactlyInAnyOrder(more.old(), more.successor(),
					fewer.successor());
		}
	}

	@ParameterizedTest
	@CsvSource({ "UNIX,http,Unix socket", "FASTCGI,fcgi,FastCGI" })
	void oneThatTheServerDoesNotServeIsRefusedWithTheReason(ServerTrait trait, String protocol, String reason,
			Daemons daemons) throws Exception {
		Server server = daemons.jar().server();
		Assumptions.assumeFalse(server.has(trait), server + " serves it");
		DaemonCommand command = command(daemons);
		Path path = command.home().resolve("odd.sock");
		ConfiguredDirective odd = ConfiguredDirective.at("odd", path).with("protocol", protocol);
		DirectivesFile file = DirectivesFile.of(command);
		file.write(stays(command), odd);
		DaemonProcess refused = daemons.launch(command);
		assertThat(refused.awaitExitOfFirst(LIMIT)).isEqualTo(1);
		assertThat(refused.output().text()).contains("gozd.directives.odd", reason);
		assertThat(path).doesNotExist();
		file.write(stays(command));
		DaemonProcess daemon = daemons.start(command);
		long pid = daemon.pid();
		try (Load load = Load.start(LoadOptions.light(command.endpoint()))) {
			file.write(stays(command), odd);
			String said = daemon.failToSwap(LIMIT);
			assertThat(said.substring(said.indexOf("Reload failed"))).contains("gozd.directives.odd", reason);
			daemon.awaitAlone(LIMIT);
			load.awaitFurtherAnswers(100);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid()).containsOnlyKeys(pid);
		}
		assertThat(path).doesNotExist();
	}

	private static ConfiguredDirective stays(DaemonCommand command) {
		return http("stays", command.endpoint().port());
	}

	private static ConfiguredDirective http(String id, int port) {
		return ConfiguredDirective.at(id, port).with("protocol", "http");
	}

	private static ConfiguredDirective http(String id, Path path) {
		return ConfiguredDirective.at(id, path).with("protocol", "http");
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.command().withoutAddress().shortKeepAlive().probation(Duration.ofMillis(500));
	}

}
