package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.AdditionalConnector;
import io.gozd.it.fixture.ConnectorList;
import io.gozd.it.fixture.HandedOverConnector;
import io.gozd.it.fixture.OtherProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connectors that the application makes. Where one can't be handed over, a reload is
 * refused with the reason, and the daemon serves on.
 */
@Needs(ServerTrait.ADDITIONAL_CONNECTORS)
@ExtendWith(DaemonExtension.class)
class AdditionalConnectorIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	/** Of each of two connectors. */
	private static final int CLIENTS = 4;

	private static final String NIO2 = "org.apache.coyote.http11.Http11Nio2Protocol";

	private static final Pattern REASON = Pattern.compile("Reload failed:.*[Cc]onnector");

	@Test
	void isHandedOverWhereItIsMadeForThat(Daemons daemons) throws Exception {
		Endpoint additional = Endpoint.plain(FreePort.find());
		DaemonCommand command = command(daemons, HandedOverConnector.class)
			.arguments("--it.connector-port=" + additional.port())
			.probation(Duration.ofSeconds(1));
		DaemonProcess daemon = daemons.start(command);
		List<Long> pids = new ArrayList<>(List.of(daemon.pid()));
		try (Departures departures = new Departures();
				Load load = Load.start(LoadOptions.light(daemon.endpoint()).clients(CLIENTS));
				Load additionalLoad = Load.start(LoadOptions.light(additional).clients(CLIENTS))) {
			for (int i = 0; i < daemons.settings().swaps(); i++) {
				Swap swap = daemon.swap();
				departures.expect(swap.old(), LIMIT);
				pids.add(swap.successor());
				load.awaitFurtherAnswers(100);
				additionalLoad.awaitFurtherAnswers(100);
			}
			for (LoadReport report : List.of(load.stop(), additionalLoad.stop())) {
				assertThat(report.failures()).as(report.toString()).isEmpty();
				assertThat(report.byPid().keySet()).containsExactlyInAnyOrderElementsOf(pids);
			}
			departures.awaitAll();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.apache.coyote.http11.Http11NioProtocol", NIO2 })
	void isRefusedBesideThatOfTheApplication(String protocol, Daemons daemons) throws IOException {
		int port = FreePort.find();
		DaemonCommand command = command(daemons, AdditionalConnector.class)
			.arguments("--it.connector-protocol=" + protocol, "--it.connector-port=" + port);
		DaemonProcess daemon = daemons.start(command);
		assertRefused(daemon, Integer.toString(port));
		try (HttpConnection connection = HttpConnection.open(Endpoint.plain(port), LIMIT)) {
			assertThat(connection.exchange(HttpRequest.get("/")).pid()).isEqualTo(daemon.pid());
		}
		assertEnds(daemon);
	}

	@Test
	void isRefusedInsteadOfThatOfTheApplication(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons
			.start(command(daemons, OtherProtocol.class).arguments("--it.connector-protocol=" + NIO2));
		assertRefused(daemon, "Nio2");
		assertEnds(daemon);
	}

	private static void assertRefused(DaemonProcess daemon, String detail) throws IOException {
		long pid = daemon.pid();
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			for (int i = 0; i < 2; i++) {
				int mark = daemon.output().mark();
				assertThat(daemon.failToSwap(LIMIT)).containsPattern(REASON);
				daemon.output().await(mark, Pattern.compile("Reload failed:.*" + detail), LIMIT);
				assertThat(daemon.running()).containsExactly(pid);
			}
			load.awaitFurtherAnswers(100);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
		}
		assertThat(daemon.pid()).isEqualTo(pid);
		assertThat(daemon.get().pid()).isEqualTo(pid);
	}

	private static void assertEnds(DaemonProcess daemon) {
		Signal.TERM.sendTo(daemon.pid());
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	private static DaemonCommand command(Daemons daemons, Class<?> configuration) {
		DaemonCommand command = daemons.command().shortKeepAlive();
		return command.jar(daemons.jar()
			.variant()
			.configuration(configuration)
			.with(ConnectorList.class)
			.writeTo(command.ownJar()));
	}

}
