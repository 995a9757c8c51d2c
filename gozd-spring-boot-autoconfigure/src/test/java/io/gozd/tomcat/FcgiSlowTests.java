package io.gozd.tomcat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import io.gozd.fcgi.FcgiBytes;
import io.gozd.listener.FcgiSettings;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections that say little, or nothing, or something now and then.
 */
final class FcgiSlowTests {

	private static final int MANY = 400;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Duration MOMENT = Duration.ofMillis(100);

	private static final Duration SECOND = Duration.ofSeconds(1);

	/** Not in step with Tomcat's poller, which looks once a second. */
	private static final Duration READ_TIMEOUT = Duration.ofMillis(1500);

	private final List<SocketChannel> channels = new ArrayList<>();

	private Path directory;

	private EmbeddedTomcat tomcat;

	@BeforeEach
	void serve() throws Exception {
		this.directory = Files.createTempDirectory("gozd");
		this.tomcat = new EmbeddedTomcat(this.directory, List.of())
			.fcgi(UnixDomainSocketAddress.of(this.directory.resolve("fcgi.sock")),
					new FcgiSettings(PATIENCE, READ_TIMEOUT, SECOND.multipliedBy(3), 100_000, 100, 100, 100_000, false,
							false, false, false, false, Set.of()))
			.servlet("/", FcgiServlets.of((request, response) -> response.getWriter().print("word")))
			.servlet("/echo", FcgiServlets.echo())
			.servlet("/aside", FcgiServlets.echoAside())
			.servlet("/slow", FcgiServlets.of((request, response) -> {
				request.getInputStream().readAllBytes();
				long end = System.nanoTime() + SECOND.multipliedBy(4).toNanos();
				while (System.nanoTime() < end) {
					LockSupport.parkNanos(end - System.nanoTime());
				}
			}))
			.serve();
	}

	@AfterEach
	void stop() throws IOException {
		for (SocketChannel channel : this.channels) {
			channel.close();
		}
		this.tomcat.close();
		FileSystemUtils.deleteRecursively(this.directory);
	}

	@Test
	void hundredsOfThemKeepNobodyFromBeingServedAndEndInTime() throws Exception {
		byte[] request = FcgiSocket.request(1, true, "GET", "/", new byte[0]).toByteArray();
		for (int i = 0; i < MANY; i++) {
			// Nothing, a part of a record, and a request without parameters.
			open(Arrays.copyOf(request, new int[] { 0, 5, 16, 20 }[i % 4]));
		}
		List<SocketChannel> dripping = new ArrayList<>();
		for (int i = 0; i < MANY; i++) {
			dripping.add(open(new byte[0]));
		}
		await().until(() -> this.tomcat.endpoints().openConnections() == 2 * MANY);
		long begin = System.nanoTime();
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			for (int second = 0; second < PATIENCE.toSeconds() - 1; second++) {
				for (SocketChannel channel : dripping) {
					channel.write(ByteBuffer.wrap(request, second, 1));
				}
				long end = begin + SECOND.multipliedBy(second + 1L).toNanos();
				while (System.nanoTime() < end) {
					assertThat(client.get("/", true).body()).isEqualTo("word");
				}
			}
			int[] next = { (int) PATIENCE.toSeconds() };
			await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(500)).until(() -> {
				// A byte more does not buy time.
				drip(dripping, request, next[0]++);
				assertThat(client.get("/", true).body()).isEqualTo("word");
				return this.tomcat.endpoints().openConnections() == 1;
			});
		}
	}

	private static void drip(List<SocketChannel> channels, byte[] request, int at) {
		for (SocketChannel channel : channels) {
			try {
				channel.write(ByteBuffer.wrap(request, at, 1));
			}
			catch (IOException ex) {
				// It has been ended.
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "/echo, true", "/echo, false", "/aside, true", "/aside, false" })
	void aBodyThatDoesNotComeEndsTheRequestAndTheConnection(String path, boolean keep) throws IOException {
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			client.send(new FcgiBytes().begin(1, keep)
				.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", path, "CONTENT_LENGTH", "10")
				.record(FcgiBytes.STDIN, 1, new byte[3]));
			assertThat(client.answer(1).status()).isNotEqualTo("200 OK");
			assertThat(client.isClosedByServer()).isTrue();
		}
		await().until(() -> this.tomcat.endpoints().openConnections() == 0);
	}

	@Test
	void aConnectionThatIsIdleEndsInTime() throws IOException {
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			assertThat(client.get("/", true).body()).isEqualTo("word");
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@Test
	void aConnectionThatIsIdleHasNothingOfTomcatsButASocket() throws IOException {
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			assertThat(client.get("/", true).body()).isEqualTo("word");
			client.send(FcgiSocket.request(1, true, "POST", "/", new byte[1000]));
			assertThat(client.answer(1).body()).isEqualTo("word");
			await().during(MOMENT)
				.until(() -> this.tomcat.fcgiConnections()
					.stream()
					.allMatch((connection) -> connection.getCurrentProcessor() == null));
		}
	}

	@Test
	void theTimeOfAnAnswerIsNotTheTimeOfAnIdleConnection() throws IOException {
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			client.send(FcgiSocket.request(1, true, "POST", "/slow", new byte[10], "CONTENT_LENGTH", ""));
			assertThat(client.answer(1).status()).isEqualTo("200 OK");
			assertThat(client.isQuiet(Duration.ofMillis(1500))).isTrue();
			assertThat(client.get("/", true).body()).isEqualTo("word");
		}
	}

	@Test
	void aWebServerThatSendsOnForeverIsCutOff() throws Exception {
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			client.send(new FcgiBytes().begin(1, false)
				.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/", "CONTENT_LENGTH", "1000000"));
			assertThat(client.answer(1).body()).isEqualTo("word");
			assertThat(client.isClosedByServer()).isTrue();
			// It does not close its side, though we have.
			await().atMost(Duration.ofSeconds(15)).until(() -> {
				try {
					client.send(new byte[10]);
				}
				catch (IOException ex) {
					// It has been ended.
				}
				return this.tomcat.endpoints().openConnections() == 0;
			});
		}
	}

	@Test
	void interestInWritingThatIsLeftDoesNotCutOffTheAnswer() throws Exception {
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			client.send(new FcgiBytes().begin(1, false)
				.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/", "CONTENT_LENGTH", "1000000"));
			assertThat(client.answer(1).body()).isEqualTo("word");
			assertThat(client.isClosedByServer()).isTrue();
			this.tomcat.fcgiConnections().forEach(SocketWrapperBase::registerWriteInterest);
			await().during(MOMENT.multipliedBy(3)).until(() -> this.tomcat.endpoints().openConnections() == 1);
			client.sendAll(new FcgiBytes().record(FcgiBytes.STDIN, 1, new byte[10_000]));
			client.close();
			await().until(() -> this.tomcat.endpoints().openConnections() == 0);
		}
	}

	private SocketChannel open(byte[] bytes) throws IOException {
		SocketChannel channel = SocketChannel.open(this.tomcat.fcgiAddress());
		this.channels.add(channel);
		channel.write(ByteBuffer.wrap(bytes));
		return channel;
	}

}
