package io.gozd.undertow;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import io.gozd.drain.Endpoint;
import io.gozd.listener.Directive;
import io.gozd.listener.Protocol;
import io.gozd.server.Script;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

final class TlsTests {

	private static final char[] PASSWORD = "test-password".toCharArray();

	@TempDir
	private static Path directory;

	private static KeyStore keys;

	private EmbeddedUndertow undertow;

	@BeforeAll
	static void makeKey() throws Exception {
		Path file = directory.resolve("test.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", new String(PASSWORD),
				"-alias", "test", "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-keyalg", "EC",
				"-validity", "10")
			.redirectErrorStream(true)
			.start();
		String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(keytool.waitFor()).as(said).isZero();
		keys = KeyStore.getInstance("PKCS12");
		try (InputStream input = Files.newInputStream(file)) {
			keys.load(input, PASSWORD);
		}
	}

	@AfterEach
	void close() {
		this.undertow.close();
	}

	@ParameterizedTest
	@CsvSource({ "HTTP_1_1", "HTTP_2" })
	void aDirectiveIsServedThroughTls(HttpClient.Version version) throws Exception {
		serve(null);
		HttpClient client = HttpClient.newBuilder().sslContext(context(false)).version(version).build();
		HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port() + "/")).build();
		HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(response.body()).isEqualTo("word");
		assertThat(response.version()).isEqualTo(version);
		this.undertow.draining(true);
		response = client.send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(response.body()).isEqualTo("word");
		await().until(() -> {
			this.undertow.all().forEach(Endpoint::remind);
			return this.undertow.endpoints().openConnections() == 0;
		});
	}

	@Test
	void aRequestThatBeginsDuringTheDrainIsTheLastOfItsConnection() throws Exception {
		serve(null);
		this.undertow.draining(true);
		try (SSLSocket client = connect(false)) {
			OutputStream output = client.getOutputStream();
			output.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			assertThat(answer).contains("Connection: close\r\n").endsWith("word");
		}
	}

	@Test
	void idleConnectionsAreClosed() throws Exception {
		serve(null);
		try (SSLSocket client = connect(false)) {
			client.startHandshake();
			await().until(() -> {
				this.undertow.all().forEach(Endpoint::closeIdle);
				return this.undertow.endpoints().openConnections() == 0;
			});
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void aConnectionThatSaysNothingIsClosedInAHurry() throws Exception {
		serve(null);
		try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port()); SSLSocket client = connect(false)) {
			silent.setSoTimeout(10_000);
			client.startHandshake();
			await().until(() -> {
				this.undertow.all().forEach(Endpoint::closeIdle);
				return this.undertow.endpoints().openConnections() == 0;
			});
			assertThat(silent.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void aCertificateThatIsNeededIsAskedFor() throws Exception {
		serve("need");
		try (SSLSocket stranger = connect(false)) {
			assertThatThrownBy(() -> stranger.getInputStream().read()).isInstanceOf(SSLException.class);
		}
		try (SSLSocket client = connect(true)) {
			client.getOutputStream()
				.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).endsWith("word");
		}
	}

	private void serve(String clientAuth) throws Exception {
		Directive directive = new Directive("tls", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
				Protocol.HTTPS, PosixFilePermissions.fromString("rw-rw-rw-"), 50, 100, "test", clientAuth);
		this.undertow = new EmbeddedUndertow(new Paths(Script.of("word")), List.of()).directive(directive)
			.tls(new Tls(context(true), clientAuth, null, null))
			.serve();
	}

	private int port() {
		return this.undertow.portOf(1);
	}

	private SSLSocket connect(boolean withCertificate) throws Exception {
		SSLSocket socket = (SSLSocket) context(withCertificate).getSocketFactory()
			.createSocket(InetAddress.getLoopbackAddress(), port());
		socket.setSoTimeout(10_000);
		return socket;
	}

	private static SSLContext context(boolean withKey) throws Exception {
		KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		own.init(keys, PASSWORD);
		KeyStore known = KeyStore.getInstance("PKCS12");
		known.load(null, null);
		known.setCertificateEntry("test", keys.getCertificate("test"));
		TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trusted.init(known);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(withKey ? own.getKeyManagers() : null, trusted.getTrustManagers(), null);
		return context;
	}

}
