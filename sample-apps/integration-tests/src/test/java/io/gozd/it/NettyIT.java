package io.gozd.it;

import java.net.ConnectException;
import java.time.Duration;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.NettyApplication;
import io.gozd.it.fixture.NettyLines;
import io.gozd.it.fixture.NettyServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.resolver.NameResolver;
import io.netty.util.AttributeKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An application that serves the listener of a directive itself, with Netty.
 */
@ExtendWith(DaemonExtension.class)
class NettyIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@EachJava(inShortForm = false)
	void losesNothingInSwaps(JavaHome java, Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons).java(java));
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()), LineClient::new)) {
			for (int i = 0; i < daemons.settings().swaps(); i++) {
				Swap swap = daemon.swap();
				load.awaitAnswerOf(swap.successor());
				load.awaitFurtherAnswers(200);
				daemon.awaitGone(swap.old(), LIMIT);
			}
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid()).hasSize(daemons.settings().swaps() + 1);
		}
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	@Test
	void answersWhatRunsAtTerm(Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons));
		try (LineConnection held = LineConnection.open(daemon.endpoint());
				Load load = Load.start(LoadOptions.light(daemon.endpoint()), LineClient::new)) {
			held.exchange("before");
			Signal.TERM.sendTo(daemon.pid());
			daemon.await("the end of the listener", LIMIT, () -> ConnectionTable.listening(daemon.endpoint()) == 0);
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> LineConnection.ask(daemon.endpoint()));
			assertThat(held.exchange("after").pid()).isEqualTo(daemon.first().pid());
			held.close();
			assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
			LoadReport report = load.stop();
			assertThat(report.failures().keySet()).as(report.toString()).containsExactly(RequestFailure.REFUSED);
		}
	}

	private static DaemonCommand command(Daemons daemons) {
		DaemonCommand command = daemons.command("tcp-daemon").probation(Duration.ofMillis(500));
		command.jar(daemons.sample("tcp-daemon")
			.variant()
			.configuration(NettyApplication.class)
			.with(NettyServer.class)
			.with(NettyLines.class)
			// Netty's transport, buffer, resolver and common.
			.libraryOf(ServerBootstrap.class)
			.libraryOf(ByteBuf.class)
			.libraryOf(NameResolver.class)
			.libraryOf(AttributeKey.class)
			.writeTo(command.ownJar()));
		DirectivesFile.of(command)
			.write(ConfiguredDirective.at("netty", command.endpoint().port()).with("protocol", "tcp"));
		return command.answersLinesAt(command.endpoint());
	}

}
