package io.gozd.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.gozd.fcgi.FcgiBytes;
import io.gozd.listener.FcgiSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application sees of what a web server says, and what it does not.
 */
final class FcgiRequestTests {

	/** Made for this test, of client.example, good for a hundred years. */
	private static final String CERTIFICATE = """
			-----BEGIN CERTIFICATE-----
			MIIBiTCCAS+gAwIBAgIUdeROHHxAinc8pQ78L2MuIPAkem8wCgYIKoZIzj0EAwIw
			GTEXMBUGA1UEAwwOY2xpZW50LmV4YW1wbGUwIBcNMjYxMTIzMDIxNzIzWhgPMjEy
			NjEwMzAwMjE3MjNaMBkxFzAVBgNVBAMMDmNsaWVudC5leGFtcGxlMFkwEwYHKoZI
			zj0CAQYIKoZIzj0DAQcDQgAEKqIfUYZcpfPq6opv509G31vXGP6ZxKW6h369kmWN
			B/4neECqFI19FY9xQkxzmWk6tVxoaAl5Nrw5JkKLp/jn4aNTMFEwHQYDVR0OBBYE
			FHBlZAUnq/H7sHwT54phRirare8vMB8GA1UdIwQYMBaAFHBlZAUnq/H7sHwT54ph
			Rirare8vMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhALzDLYeN
			yCGgB6uRM+2uOkKsymK/iDXER3N8q6klLfOBAiAM9/ciLESQBVSjm1a9eB6lH67t
			oXo2UM9YBhOZU9uaTQ==
			-----END CERTIFICATE-----
			""".strip();

	@TempDir
	private Path directory;

	private EmbeddedTomcat tomcat;

	@AfterEach
	void stop() {
		if (this.tomcat != null) {
			this.tomcat.close();
		}
	}

	@Test
	void theTargetIsAsTheClientHasSentIt() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(view("/a/b%20c/%2e%2e/d//e;p=1?x=%2f&y=1"))
			.startsWith("GET /a/b%20c/%2e%2e/d//e;p=1 query=x=%2f&y=1 path=|/a/d/e|null\n")
			.contains("\nx=/\ny=1\n");
	}

	@Test
	void aQueryIsThereIfTheTargetHasOne() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(view("/a")).startsWith("GET /a query=null ");
		assertThat(view("/a?")).startsWith("GET /a query= ");
		assertThat(view("/a?b=1", "QUERY_STRING", "")).startsWith("GET /a query=b=1 ");
		assertThat(view("/a?b=%2F", "QUERY_STRING", "b=/")).startsWith("GET /a query=b=/ ");
	}

	@Test
	void anAbsoluteTargetNamesTheHost() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(answerOf(new FcgiBytes().begin(1, false)
			.params(1, "REQUEST_METHOD", "GET", "REQUEST_URI", "http://user@other.example:81/a?b")
			.body(1, new byte[0])).body()).startsWith("GET /a query=b ").contains("host: [other.example:81]\n");
		assertThat(view("http://EXAMPLE.org")).startsWith("GET / query=null ");
	}

	@Test
	void anAbsoluteTargetAndTheHostMustNotDiffer() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(ask("GET", "http://other.example/").status()).isEqualTo("400 Bad Request");
	}

	@Test
	void withoutATargetItIsMadeOfTheScript() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(view("", "SCRIPT_NAME", "/a b;c", "PATH_INFO", "/\u00fc%", "QUERY_STRING", "x=1"))
			.startsWith("GET /a%20b%3Bc/%C3%BC%25 query=x=1 path=|/a b;c/\\u00fc%|null\n");
	}

	@Test
	void theScriptCanBeWhatCounts() throws Exception {
		serve(settings(true, false, false, false));
		assertThat(view("/old?x=1", "SCRIPT_NAME", "/new")).startsWith("GET /new query=x=1 ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/a b", "/a\"", "/a\\b", "/a|b", "/<", "/{}", "/a\u00fc", "/[a]", "/a?b=\"c",
			"/a?b=\u00fc", "/a#b", "/%zz", "/%2f", "/%00", "/../a", "a", "?a=b", "/a\nb", "ftp://host/a", "/a?b=^" })
	void aTargetThatNobodyMaySendIsABadRequest(String target) throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(ask("GET", target).status()).isEqualTo("400 Bad Request");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "GE T", "GET\n", "G(T" })
	void aMethodThatIsNoneIsABadRequest(String method) throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(ask(method, "/").status()).isEqualTo("400 Bad Request");
	}

	private static Stream<Arguments> badParams() {
		return Stream.of(Arguments.of("HTTP_X", "a\nb"), Arguments.of("HTTP_X", "a\rb"),
				Arguments.of("HTTP_X", "\u0001"), Arguments.of("HTTP_X Y", "a"), Arguments.of("HTTP_", "a"),
				Arguments.of("HTTP_X:", "a"), Arguments.of("HTTP_COOKIE", "a\0b"),
				Arguments.of("CONTENT_TYPE", "a\u007fb"), Arguments.of("SERVER_PROTOCOL", "HTTP/x"),
				Arguments.of("REMOTE_ADDR", "1\n2"), Arguments.of("HTTP_HOST", "second.example"));
	}

	@ParameterizedTest
	@MethodSource("badParams")
	void whatIsNoHeaderIsABadRequest(String name, String value) throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(ask("GET", "/", name, value).status()).isEqualTo("400 Bad Request");
	}

	@Test
	void tooManyHeadersAreABadRequest() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		String[] headers = new String[2 * 101];
		for (int i = 0; i < headers.length; i += 2) {
			headers[i] = "HTTP_X" + i;
			headers[i + 1] = "";
		}
		assertThat(ask("GET", "/", headers).status()).isEqualTo("400 Bad Request");
	}

	@Test
	void headersAreThereWithTheirRepetitions() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(view("/", "HTTP_X_Y", "1", "HTTP_X_Y", "2", "HTTP_COOKIE", "a=1; b=2", "CONTENT_TYPE", "text/x"))
			.contains("\nx-y: [1, 2]\n", "\ncookie: [a=1; b=2]\n", "type=text/x\n", "\nhost: [example.org]\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PROXY", "CONTENT_LENGTH", "CONTENT_TYPE", "TRANSFER_ENCODING", "CONNECTION", "KEEP_ALIVE",
			"UPGRADE", "TE", "TRAILER", "EXPECT", "PROXY_CONNECTION", "Proxy", "CONTENT-LENGTH", "Content_Length",
			"TRANSFER-ENCODING" })
	void whatBelongsToTheConnectionOfTheClientIsNoHeader(String name) throws Exception {
		serve(FcgiSettings.DEFAULTS);
		String header = name.toLowerCase().replace('_', '-');
		FcgiAnswer answer = post("/view", FcgiBytes.text("body"), "HTTP_" + name, "9");
		assertThat(answer.status()).isEqualTo("200 OK");
		assertThat(answer.body()).doesNotContainPattern("(?m)^" + header + ": .*9");
	}

	@Test
	void aFormOfUnknownLengthIsAForm() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		String form = "application/x-www-form-urlencoded";
		assertThat(post("/", FcgiBytes.text("a=1&b=2"), "CONTENT_TYPE", form).body()).contains("\na=1\nb=2\n");
		assertThat(post("/", FcgiBytes.text("a=1"), "CONTENT_TYPE", form, "CONTENT_LENGTH", "-1").body())
			.contains("\na=1\n");
		assertThat(post("/", FcgiBytes.text("a=1"), "CONTENT_TYPE", form, "CONTENT_LENGTH", "",
				"HTTP_TRANSFER_ENCODING", "chunked")
			.body()).contains("\na=1\n");
	}

	@Test
	void theOriginIsWhatTheWebServerSays() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(origin("HTTPS", "on", "HTTP_HOST", "", "REMOTE_USER", "admin", "AUTH_TYPE", "Basic", "EXTRA", "x",
				"SSL_CIPHER", "c"))
			.containsExactly("https true example.org 443", "192.0.2.7 192.0.2.7 4711", "127.0.0.1 8080",
					"null null HTTP/1.1", "null", "x", "false");
	}

	@ParameterizedTest
	@CsvSource({ "'', '', http false", "on, '', https true", "1, '', https true", "off, '', http false",
			"OFF, https, https true", "'', https, https true", "'', http, http false" })
	void theSchemeIsWhatTheWebServerSays(String https, String scheme, String expected) throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(origin("HTTPS", https, "REQUEST_SCHEME", scheme).get(0)).startsWith(expected);
	}

	@Test
	void withoutAHostItIsTheServersName() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(answerOf(new FcgiBytes().begin(1, false)
			.params(1, "REQUEST_METHOD", "GET", "REQUEST_URI", "/origin", "HTTP_HOST", "", "SERVER_NAME",
					"other.example:18085", "SERVER_PORT", "81", "SERVER_PROTOCOL", "HTTP/2.0")
			.body(1, new byte[0])).body()).startsWith("http false other.example 81\n127.0.0.1 127.0.0.1 ")
			.contains(" HTTP/2.0\n");
	}

	@Test
	void thePortOfAHostWithoutOneIsThatOfTheScheme() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(origin().get(0)).isEqualTo("http false example.org 80");
		assertThat(origin("HTTPS", "on").get(0)).isEqualTo("https true example.org 443");
	}

	@Test
	void thePortOfAHostWithoutOneCanBeTheServers() throws Exception {
		serve(settings(false, true, false, false));
		assertThat(origin().get(0)).isEqualTo("http false example.org 8080");
	}

	@Test
	void aUserCanBeTrusted() throws Exception {
		serve(settings(false, false, true, false));
		assertThat(origin("REMOTE_USER", "admin", "AUTH_TYPE", "Basic").get(3)).isEqualTo("admin Basic HTTP/1.1");
		assertThat(origin("REMOTE_USER", "").get(3)).isEqualTo("null null HTTP/1.1");
	}

	@Test
	void whatIsSaidOfTlsCanBeTrusted() throws Exception {
		serve(settings(false, false, false, true));
		assertThat(origin("SSL_CIPHER", "TLS_AES_128_GCM_SHA256").get(4)).isEqualTo("TLS_AES_128_GCM_SHA256");
	}

	@ParameterizedTest
	@MethodSource("waysToSendACertificate")
	void theCertificateOfAClientCanBeTrusted(String sent) throws Exception {
		serve(settings(false, false, false, true));
		assertThat(tls("SSL_CLIENT_CERT", sent, "SSL_PROTOCOL", "TLSv1.3", "SSL_SESSION_ID", "0a"))
			.containsExactly("CN=client.example", "TLSv1.3", "0a");
	}

	private static Stream<String> waysToSendACertificate() {
		// As $ssl_client_raw_cert, $ssl_client_cert and $ssl_client_escaped_cert of
		// nginx, and in between.
		return Stream.of(CERTIFICATE, CERTIFICATE.replace("\n", "\n\t"), CERTIFICATE.replace('\n', ' '),
				CERTIFICATE.replace(" ", "%20").replace("\n", "%0A").replace("+", "%2B").replace("/", "%2F"),
				CERTIFICATE.replace(" ", "%20").replace("\n", "%0A"));
	}

	@ParameterizedTest
	@CsvSource({ "SUCCESS, CN=client.example", "NONE, none", "GENEROUS, none", "FAILED:self-signed certificate, none",
			"'', none" })
	void aCertificateThatWasNotVerifiedIsNone(String verified, String expected) throws Exception {
		serve(settings(false, false, false, true));
		assertThat(tls("SSL_CLIENT_CERT", CERTIFICATE, "SSL_CLIENT_VERIFY", verified).get(0)).isEqualTo(expected);
		assertThat(tls("SSL_CLIENT_VERIFY", verified, "SSL_CLIENT_CERT", CERTIFICATE).get(0)).isEqualTo(expected);
	}

	@Test
	void whatIsNoCertificateIsNone() throws Exception {
		serve(settings(false, false, false, true));
		assertThat(tls("SSL_CLIENT_CERT", "-----BEGIN CERTIFICATE-----%0%-----END CERTIFICATE-----"))
			.containsExactly("none", "null", "null");
		assertThat(tls("SSL_CLIENT_CERT", "x")).containsExactly("none", "null", "null");
	}

	@Test
	void whatIsSaidOfTlsIsNotTrustedByItself() throws Exception {
		serve(FcgiSettings.DEFAULTS);
		assertThat(tls("SSL_CLIENT_CERT", CERTIFICATE.replace('\n', ' '), "SSL_PROTOCOL", "TLSv1.3", "SSL_SESSION_ID",
				"0a"))
			.containsExactly("none", "null", "null");
	}

	@Test
	void whoMayConnectCanBeNamed() throws Exception {
		FcgiSettings defaults = FcgiSettings.DEFAULTS;
		serve(new FcgiSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5),
				defaults.maxParamsSize(), 10, 10, 10, false, false, false, false, false,
				Set.of(InetAddress.getByName("192.0.2.1"))));
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			client.send(FcgiSocket.request(1, false, "GET", "/", new byte[0]));
			assertThat(client.isClosedByServer()).isTrue();
		}
		catch (IOException ex) {
			// What was sent is not read: the system may reset the connection.
			assertThat(ex).hasMessageContaining("reset");
		}
	}

	private static FcgiSettings settings(boolean script, boolean port, boolean user, boolean ssl) {
		FcgiSettings defaults = FcgiSettings.DEFAULTS;
		return new FcgiSettings(defaults.paramsTimeout(), defaults.readTimeout(), defaults.idleTimeout(),
				defaults.maxParamsSize(), defaults.maxParams(), defaults.maxHeaders(), defaults.maxSwallowSize(),
				script, port, user, ssl, false, Set.of(InetAddress.getLoopbackAddress()));
	}

	private void serve(FcgiSettings settings) throws Exception {
		this.tomcat = new EmbeddedTomcat(this.directory, List.of())
			.fcgi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), settings)
			.servlet("/", FcgiServlets.view())
			.servlet("/origin", FcgiServlets.origin())
			.servlet("/tls", FcgiServlets.tls())
			.serve();
	}

	private String view(String target, String... more) throws IOException {
		FcgiAnswer answer = ask("GET", target, more);
		assertThat(answer.status()).isEqualTo("200 OK");
		return answer.body();
	}

	private List<String> tls(String... more) throws IOException {
		return ask("GET", "/tls", more).body().lines().toList();
	}

	private List<String> origin(String... more) throws IOException {
		return ask("GET", "/origin", more).body().lines().toList();
	}

	private FcgiAnswer ask(String method, String target, String... more) throws IOException {
		return answerOf(FcgiSocket.request(1, false, method, target, new byte[0], more));
	}

	private FcgiAnswer post(String target, byte[] body, String... more) throws IOException {
		return answerOf(FcgiSocket.request(1, false, "POST", target, body, more));
	}

	private FcgiAnswer answerOf(FcgiBytes bytes) throws IOException {
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			return client.send(bytes).answer(1);
		}
	}

}
