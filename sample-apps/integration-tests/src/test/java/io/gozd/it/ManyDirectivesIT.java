package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.EchoHandler;
import io.gozd.it.fixture.ManyHandlers;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hundreds of directives: more than the kernel passes in one message.
 */
@ExtendWith(DaemonExtension.class)
class ManyDirectivesIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final int IN_ONE_MESSAGE = 253;

	/** The listener of the control socket. */
	private static final int OWN = 1;

	@EachJava(inShortForm = false)
	void areAllHandedOver(JavaHome java, Daemons daemons) throws Exception {
		boolean full = daemons.settings().full();
		Many many = Many.of(daemons, java, full ? 300 : 100, full ? 300 : 200);
		assertThat(many.endpoints).hasSizeGreaterThan(IN_ONE_MESSAGE);
		DaemonProcess daemon = daemons.start(many.command);
		many.assertAnswers(daemon);
		swap(daemon, many);
		Census second = Census.settled(daemon).withoutServerThreads();
		swap(daemon, many);
		assertThat(Census.settled(daemon).withoutServerThreads()).isEqualTo(second);
		assertThat(second.zombies()).isZero();
		Signal.TERM.sendTo(daemon.pid());
		daemon.await("the end of all", LIMIT, () -> daemon.running().isEmpty());
		assertThat(many.directory).isEmptyDirectory();
	}

	private static void swap(DaemonProcess daemon, Many many) throws IOException {
		long begin = System.nanoTime();
		Swap swap = daemon.swap();
		System.out.printf("Swap of %d directives: %d ms%n", many.endpoints.size(),
				Duration.ofNanos(System.nanoTime() - begin).toMillis());
		many.assertAnswers(daemon);
		daemon.awaitGone(swap.old(), LIMIT);
		many.assertAnswers(daemon);
		assertThat(ListeningSockets.of(daemon.pid())).hasSize(many.endpoints.size() + OWN);
	}

	/**
	 * A daemon with many directives.
	 *
	 * @param command how it is started
	 * @param directory where its Unix sockets are
	 * @param endpoints where each directive is reached, by id
	 */
	private record Many(DaemonCommand command, Path directory, Map<String, Endpoint> endpoints) {

		static Many of(Daemons daemons, JavaHome java, int ports, int paths) throws IOException {
			DaemonCommand command = daemons.command("tcp-daemon")
				.java(java)
				.probation(Duration.ofMillis(500))
				.arguments("--it.many=" + Math.max(ports, paths));
			command.jar(daemons.sample("tcp-daemon")
				.variant()
				.configuration(ManyHandlers.class)
				.with(EchoHandler.class)
				.writeTo(command.ownJar()));
			Path directory = Files.createDirectory(command.home().resolve("sockets"));
			Map<String, Endpoint> endpoints = new LinkedHashMap<>();
			List<ConfiguredDirective> directives = new ArrayList<>();
			int port = command.endpoint().port();
			for (int i = 0; i < ports; i++) {
				String host = "127.0." + (1 + i / 100) + "." + (1 + i % 100);
				endpoints.put("port-" + i, Endpoint.plain(port).at(host));
				directives.add(ConfiguredDirective.at("port-" + i, host + ":" + port));
			}
			for (int i = 0; i < paths; i++) {
				Path path = directory.resolve("path-" + i + ".sock");
				endpoints.put("path-" + i, Endpoint.unix(path));
				directives.add(ConfiguredDirective.at("path-" + i, path));
			}
			DirectivesFile.of(command).write(directives);
			command.answersLinesAt(endpoints.get("port-0"));
			return new Many(command, directory, endpoints);
		}

		void assertAnswers(DaemonProcess daemon) throws IOException {
			long pid = daemon.pid();
			for (Map.Entry<String, Endpoint> each : this.endpoints.entrySet()) {
				assertThat(LineConnection.ask(each.getValue()).pid()).as(each.getKey()).isEqualTo(pid);
			}
		}

	}

}
