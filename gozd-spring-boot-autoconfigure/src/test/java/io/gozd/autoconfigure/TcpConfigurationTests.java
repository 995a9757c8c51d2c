package io.gozd.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import io.gozd.boot.BootLine;
import io.gozd.channel.ChannelListeners;
import io.gozd.channel.ChannelServer;
import io.gozd.daemon.DaemonException;
import io.gozd.daemon.Generation;
import io.gozd.drain.Endpoint;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.Protocol;
import io.gozd.tcp.HandlesDirective;
import io.gozd.tcp.TcpHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class TcpConfigurationTests {

	@RegisterExtension
	private final StartedGeneration started = new StartedGeneration();

	@Test
	void eachDirectiveIsServedByTheHandlerThatClaimsIt() {
		application(Protocol.TCP, "echo", "name").withUserConfiguration(Handlers.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(talk(address("echo"), "text")).isEqualTo("text");
			assertThat(talk(address("name"), "?")).isEqualTo("n");
		});
		nothingIsLeft();
	}

	@Test
	void itStartsAndStopsWithWebServersAndStopsWhenTheDrainIsOver() {
		application(Protocol.TCP).run((context) -> {
			assertThat(context.getBean(TcpLifecycle.class).getPhase()).isEqualTo(SmartLifecycle.DEFAULT_PHASE - 2048)
				.isLessThan(GozdLifecycle.PHASE);
			assertThat(context.getBean(ServedDirectivesCheck.class).getPhase()).isEqualTo(Integer.MAX_VALUE);
		});
	}

	@Test
	void aContextThatIsStoppedServesAgainWhenItIsStarted() {
		application(Protocol.TCP, "echo", "name").withUserConfiguration(Handlers.class).run((context) -> {
			SocketAddress before = address("echo");
			TcpLifecycle lifecycle = context.getBean(TcpLifecycle.class);
			lifecycle.stop();
			assertThatIOException().isThrownBy(() -> talk(before, "x"));
			assertThat(lifecycle.isRunning()).isFalse();
			lifecycle.start();
			assertThat(talk(address("echo"), "again")).isEqualTo("again");
		});
	}

	@Test
	void aHandlerWhoseDirectiveIsGoneIsIdle() {
		application(Protocol.TCP, "name").withUserConfiguration(Handlers.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Directives.class).unserved()).isEmpty();
		});
		nothingIsLeft();
	}

	@Test
	void aWebDirectiveWithoutAWebServerIsAFault() {
		application(Protocol.HTTP, "echo").withUserConfiguration(Handlers.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(DaemonException.class,
						(ex) -> assertThat(ex)
							.hasMessage("gozd.directives.echo.protocol is 'http', and nothing serves it")
							.extracting(DaemonException::action)
							.asString()
							.startsWith((BootLine.present() == BootLine.THREE)
									? "Add a web server, as spring-boot-starter-web does"
									: "Add a web server, as spring-boot-starter-webmvc does")));
		nothingIsLeft();
	}

	@Test
	void aDirectiveOfFastCgiWithoutTomcatIsAFault() {
		application(Protocol.FCGI, "fcgi").run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(DaemonException.class,
					(ex) -> assertThat(ex).hasMessage("gozd.directives.fcgi.protocol is 'fcgi', and nothing serves it")
						.extracting(DaemonException::action)
						.asString()
						.startsWith("Use spring-boot-starter-tomcat ")));
		nothingIsLeft();
	}

	@Test
	void aDirectiveThatNobodyServesIsAFaultAndWhatHadStartedIsStopped() {
		application(Protocol.TCP, "echo", "name", "orphan", "other").withUserConfiguration(Handlers.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(DaemonException.class,
						(ex) -> assertThat(ex)
							.hasMessage("gozd.directives.orphan.protocol is 'tcp', and nothing serves it\n"
									+ "gozd.directives.other.protocol is 'tcp', and nothing serves it")
							.extracting(DaemonException::action)
							.asString()
							.contains("@HandlesDirective(\"orphan\")")));
		nothingIsLeft();
	}

	@Test
	void aDirectiveCanBeServedByTheApplicationItself() {
		application(Protocol.TCP, "own").withUserConfiguration(OwnServer.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(RecordedServer.class).accepting).isTrue();
			this.started.generation().endpoints().forEach(Endpoint::stopAccepting);
			assertThat(context.getBean(RecordedServer.class).accepting).isFalse();
		});
		nothingIsLeft();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void connectionsHaveVirtualThreadsAsSpringHasThem() {
		application(Protocol.TCP, "thread").withUserConfiguration(ThreadHandler.class)
			.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(talk(address("thread"), "?")).isEqualTo("V"));
		application(Protocol.TCP, "thread").withUserConfiguration(ThreadHandler.class)
			.run((context) -> assertThat(talk(address("thread"), "?")).isEqualTo("T"));
	}

	private ApplicationContextRunner application(Protocol protocol, String... ids) {
		Generation generation = this.started.generation();
		List<Directive> directives = Arrays.stream(ids)
			.map((id) -> new Directive(id, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), protocol,
					Set.of(), 100, 100, null, null))
			.toList();
		return new ApplicationContextRunner().withBean(Generation.class, () -> generation)
			.withBean(Directives.class, () -> new Directives(directives, generation.listeners()))
			.withUserConfiguration(TcpConfiguration.class, ChannelConfiguration.class);
	}

	private SocketAddress address(String id) {
		return this.started.generation()
			.listeners()
			.open()
			.stream()
			.filter((listener) -> listener.key().value().endsWith("#" + id))
			.findFirst()
			.orElseThrow()
			.address();
	}

	private void nothingIsLeft() {
		assertThat(this.started.generation().listeners().open()).isEmpty();
		this.started.generation().endpoints().forEach((endpoint) -> {
			throw new AssertionError(endpoint.name() + " is still there");
		});
	}

	private static String talk(SocketAddress address, String text) throws IOException {
		try (SocketChannel client = SocketChannel.open(address)) {
			client.write(ByteBuffer.wrap(text.getBytes()));
			ByteBuffer answer = ByteBuffer.allocate(text.length());
			while (answer.hasRemaining() && client.read(answer) != -1) {
				continue;
			}
			return new String(answer.array(), 0, answer.position());
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Handlers {

		@Bean
		@HandlesDirective({ "echo", "gone" })
		TcpHandler echo() {
			return (connection) -> connection.inputStream().transferTo(connection.outputStream());
		}

		@Bean
		@HandlesDirective("name")
		TcpHandler name() {
			return (connection) -> {
				connection.inputStream().read();
				connection.outputStream().write('n');
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ThreadHandler {

		@Bean
		@HandlesDirective("thread")
		TcpHandler thread() {
			return (connection) -> {
				connection.inputStream().read();
				connection.outputStream().write(Thread.currentThread().toString().charAt(0));
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnServer {

		@Bean
		RecordedServer ownServer(ChannelListeners listeners) throws IOException {
			return listeners.serve("own", RecordedServer::new);
		}

	}

	static final class RecordedServer implements ChannelServer {

		private final ServerSocketChannel channel;

		private volatile boolean accepting;

		RecordedServer(ServerSocketChannel channel) {
			this.channel = channel;
		}

		@Override
		public void accept() {
			this.accepting = true;
		}

		@Override
		public void stopAccepting() {
			this.accepting = false;
		}

		@Override
		public void closeListener() {
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public int openConnections() {
			return 0;
		}

		@Override
		public void closeAll() {
			// There are none.
		}

	}

}
