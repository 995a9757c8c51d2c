package io.gozd.jetty;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.gozd.jetty.Http2Socket.Frame;
import io.gozd.tomcat.HttpSocket;
import io.gozd.tomcat.Servlets;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class JettyWebSocketsTests {

	private static final int GOING_AWAY = 1001;

	/** The entry of 200 in the static table (RFC 7541, appendix A). */
	private static final byte OK = (byte) 0x88;

	private EmbeddedJetty jetty;

	private JettyWebSockets webSockets;

	@BeforeEach
	void serve() throws Exception {
		this.jetty = new EmbeddedJetty(List.of()).servlet("/", Servlets.word("word")).echo("/ws").serve();
		this.webSockets = new JettyWebSockets(this.jetty.connectors(), Duration.ofSeconds(3));
	}

	@AfterEach
	void close() {
		this.jetty.close();
	}

	@Test
	void eachIsToldThatTheServerGoesAway() throws Exception {
		try (HttpSocket client = this.jetty.connect(); HttpSocket other = this.jetty.connect()) {
			WebSockets.handshake(client, "/ws");
			other.get("/");
			assertThat(WebSockets.echo(client, "hello")).isEqualTo("hello");
			this.webSockets.end();
			this.webSockets.end();
			assertThat(WebSockets.readClose(client)).isEqualTo(GOING_AWAY);
			assertThat(client.isClosedByServer()).as("it says nothing more").isTrue();
			WebSockets.send(client, "what has been on its way");
			assertThat(this.jetty.endpoints().openConnections()).as("it waits for the answer").isEqualTo(2);
			WebSockets.answerClose(client, GOING_AWAY);
			await().until(() -> this.jetty.endpoints().openConnections() == 1);
			assertThat(other.get("/").body()).as("what is no WebSocket goes on").isEqualTo("word");
		}
		await().until(() -> this.jetty.endpoints().openConnections() == 0);
	}

	@Test
	void whoDoesNotAnswerIsCutOff() throws Exception {
		try (HttpSocket client = this.jetty.connect()) {
			WebSockets.handshake(client, "/ws");
			await().until(() -> {
				this.webSockets.end();
				return this.jetty.endpoints().openConnections() == 0;
			});
			assertThat(WebSockets.readClose(client)).isEqualTo(GOING_AWAY);
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@Test
	void aStreamWhoseClientDoesNotAnswerIsCutOff() throws Exception {
		try (Http2Socket client = Http2Socket.open(this.jetty.port())) {
			client.connect(1, "/ws");
			client.next(Http2Socket.HEADERS);
			await().until(() -> {
				this.webSockets.end();
				return this.jetty.connectors().carried().stream().allMatch(JettyWebSocketsTests::hasNoOpenStream);
			});
			client.get(3, "/");
			assertThat(client.body(3)).as("the connection goes on").isEqualTo("word");
		}
	}

	@Test
	void thoseThatAreStreamsOfHttp2AreToldToo() throws Exception {
		try (Http2Socket client = Http2Socket.open(this.jetty.port())) {
			client.connect(1, "/ws");
			assertThat(client.next(Http2Socket.HEADERS).payload()).contains(OK);
			client.frame(Http2Socket.DATA, 0, 1, WebSockets.text("hello"));
			assertThat(new String(client.next(Http2Socket.DATA).payload())).endsWith("hello");
			this.webSockets.end();
			Frame frame = client.next(Http2Socket.DATA);
			assertThat(WebSockets.status(Arrays.copyOfRange(frame.payload(), 2, 4))).isEqualTo(GOING_AWAY);
			// With the end of the stream: Jetty 12.1 waits for it.
			client.frame(Http2Socket.DATA, Http2Socket.END_STREAM, 1, WebSockets.close(GOING_AWAY));
			await().until(
					() -> this.jetty.connectors().carried().stream().allMatch(JettyWebSocketsTests::hasNoOpenStream));
			client.get(3, "/");
			assertThat(client.body(3)).as("the connection goes on").isEqualTo("word");
		}
	}

	private static boolean hasNoOpenStream(Carried carried) {
		return ((HTTP2Connection) carried.connection()).getSession().getStreams().stream().allMatch(Stream::isClosed);
	}

	@Test
	void aJettyThatHasStoppedIsForgotten() throws Exception {
		try (HttpSocket client = this.jetty.connect()) {
			client.get("/");
			assertThat(this.jetty.connectors().carried()).hasSize(1);
			this.jetty.close();
			assertThat(this.jetty.connectors().carried()).isEmpty();
			assertThat(this.jetty.connectors().servers()).isEmpty();
		}
	}

	@Test
	void theirTimeIsWhatWasConfigured() {
		assertThat(this.webSockets.patience()).hasSeconds(3);
		assertThat(this.webSockets.name()).isEqualTo("WebSockets");
	}

}
