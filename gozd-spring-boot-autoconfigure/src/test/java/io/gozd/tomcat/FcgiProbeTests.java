package io.gozd.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.gozd.fcgi.FcgiBytes;
import io.gozd.listener.FcgiSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What web servers, real and hostile ones, may send, byte by byte, and what they get.
 */
final class FcgiProbeTests {

	private static Path directory;

	private static EmbeddedTomcat tomcat;

	private FcgiSocket client;

	@BeforeAll
	static void serve() throws Exception {
		directory = Files.createTempDirectory("gozd");
		tomcat = new EmbeddedTomcat(directory, List.of())
			.fcgi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), FcgiSettings.DEFAULTS)
			.fcgi(UnixDomainSocketAddress.of(directory.resolve("fcgi.sock")), FcgiSettings.DEFAULTS)
			.servlet("/", FcgiServlets.view())
			.servlet("/word", FcgiServlets.of((request, response) -> response.getWriter().print("word")))
			.servlet("/echo", FcgiServlets.echo())
			.servlet("/ignore", FcgiServlets.ignore(10))
			.servlet("/ignore-large", FcgiServlets.ignore(1_000_000))
			.serve();
	}

	@AfterAll
	static void stop() throws IOException {
		tomcat.close();
		FileSystemUtils.deleteRecursively(directory);
	}

	@BeforeEach
	void connect() throws IOException {
		this.client = tomcat.connectFcgi();
	}

	@AfterEach
	void close() throws IOException {
		this.client.close();
	}

	@Test
	void aConnectionThatIsNotKeptIsClosedAfterTheAnswer() throws IOException {
		FcgiAnswer answer = this.client.get("/word", false);
		assertThat(answer.status()).isEqualTo("200 OK");
		assertThat(answer.body()).isEqualTo("word");
		assertThat(answer.end()).isZero();
		assertThat(this.client.isClosedByServer()).isTrue();
	}

	@Test
	void aConnectionThatIsKeptStaysOpen() throws IOException {
		for (int i = 0; i < 3; i++) {
			assertThat(this.client.get("/word", true).body()).isEqualTo("word");
			assertThat(this.client.isQuiet()).isTrue();
		}
	}

	@Test
	void itIsTheSameOnAUnixSocket() throws IOException {
		try (FcgiSocket unix = new FcgiSocket(UnixDomainSocketAddress.of(directory.resolve("fcgi.sock")))) {
			assertThat(unix.get("/word", true).body()).isEqualTo("word");
			assertThat(unix.get("/word", false).body()).isEqualTo("word");
			assertThat(unix.isClosedByServer()).isTrue();
		}
	}

	@Test
	void parametersMayBeInPiecesOfAByte() throws IOException {
		FcgiBytes bytes = new FcgiBytes().begin(1, false);
		for (byte each : FcgiBytes.pairs("REQUEST_METHOD", "GET", "REQUEST_URI", "/word", "X", "x".repeat(200))) {
			bytes.record(FcgiBytes.PARAMS, 1, new byte[] { each });
		}
		assertThat(answer(bytes.record(FcgiBytes.PARAMS, 1, new byte[0]).body(1, new byte[0])).body())
			.isEqualTo("word");
	}

	@Test
	void everyRecordMayBePadded() throws IOException {
		byte[] pairs = FcgiBytes.pairs("REQUEST_METHOD", "POST", "REQUEST_URI", "/echo", "CONTENT_LENGTH", "4");
		FcgiBytes bytes = new FcgiBytes().record(FcgiBytes.BEGIN, 1, new byte[] { 0, 1, 0, 0, 0, 0, 0, 0 }, 255)
			.record(FcgiBytes.PARAMS, 1, pairs, 255)
			.record(FcgiBytes.PARAMS, 1, new byte[0], 255)
			.record(FcgiBytes.STDIN, 1, FcgiBytes.text("bo"), 255)
			.record(FcgiBytes.STDIN, 1, FcgiBytes.text("dy"), 255)
			.record(FcgiBytes.STDIN, 1, new byte[0], 255);
		assertThat(answer(bytes).body()).isEqualTo("body");
	}

	@Test
	void aRequestMayComeByteByByte() throws IOException {
		byte[] bytes = FcgiSocket.request(1, false, "POST", "/echo", FcgiBytes.text("slow")).toByteArray();
		for (byte each : bytes) {
			this.client.send(new FcgiBytes().raw(each));
		}
		assertThat(this.client.answer(1).body()).isEqualTo("slow");
	}

	@Test
	void aQuestionAboutValuesIsAnsweredAtAnyTime() throws IOException {
		byte[] question = FcgiBytes.pairs("FCGI_MPXS_CONNS", "", "FCGI_MAX_REQS", "");
		for (int i = 0; i < 2; i++) {
			this.client.send(new FcgiBytes().record(FcgiBytes.GET_VALUES, 0, question));
			FcgiSocket.Record record = this.client.record();
			assertThat(record.type()).isEqualTo(10);
			assertThat(record.id()).isZero();
			assertThat(new String(record.content(), StandardCharsets.US_ASCII)).contains("FCGI_MPXS_CONNS0")
				.contains("FCGI_MAX_REQS8192");
			assertThat(this.client.get("/word", true).body()).isEqualTo("word");
		}
	}

	@Test
	void anUnknownTypeIsAnswered() throws IOException {
		this.client.send(new FcgiBytes().record(77, 0, new byte[5], 3));
		FcgiSocket.Record record = this.client.record();
		assertThat(record.type()).isEqualTo(11);
		assertThat(record.content()).startsWith(77).hasSize(8);
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2, 3, 65535 })
	void anotherRoleIsRefused(int role) throws IOException {
		this.client.send(new FcgiBytes().begin(1, role, 0).params(1, "A", "B").body(1, new byte[0]));
		FcgiAnswer answer = this.client.answer(1);
		assertThat(answer.end()).isEqualTo(3);
		assertThat(answer.output()).isEmpty();
		assertThat(this.client.isClosedByServer()).isTrue();
	}

	@Test
	void anotherRoleIsRefusedAndTheConnectionKept() throws IOException {
		this.client.send(new FcgiBytes().begin(1, 2, FcgiBytes.KEEP).params(1, "A", "B").body(1, new byte[0]));
		assertThat(this.client.answer(1).end()).isEqualTo(3);
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void aSecondRequestAtTheSameTimeIsRefusedAndNothingMixed() throws IOException {
		byte[] pairs = FcgiBytes.pairs("REQUEST_METHOD", "POST", "REQUEST_URI", "/echo", "CONTENT_LENGTH", "6");
		this.client.send(new FcgiBytes().begin(1, true)
			.record(FcgiBytes.PARAMS, 1, pairs)
			.begin(2, true)
			.params(2, "REQUEST_METHOD", "GET", "REQUEST_URI", "/word")
			.record(FcgiBytes.PARAMS, 1, new byte[0])
			.record(FcgiBytes.STDIN, 1, FcgiBytes.text("fir"))
			.record(FcgiBytes.STDIN, 2, FcgiBytes.text("xxx"))
			.body(1, FcgiBytes.text("st!"))
			.body(2, new byte[0]));
		assertThat(this.client.answer(2).end()).isOne();
		assertThat(this.client.answer(1).body()).isEqualTo("first!");
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void requestsMayFollowBeforeTheyAreAnswered() throws IOException {
		FcgiBytes bytes = new FcgiBytes();
		for (int i = 1; i <= 20; i++) {
			bytes.begin(1, true)
				.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", (i % 3 == 0) ? "/ignore" : "/echo",
						"CONTENT_LENGTH", "10000")
				.body(1, (i + "!").repeat(10_000).substring(0, 10_000).getBytes(StandardCharsets.US_ASCII));
		}
		this.client.send(bytes);
		for (int i = 1; i <= 20; i++) {
			assertThat(this.client.answer(1).body())
				.isEqualTo((i % 3 == 0) ? "\0".repeat(10) : (i + "!").repeat(10_000).substring(0, 10_000));
		}
	}

	@Test
	void whatIsLeftOfARequestThatNobodyKnowsIsIgnored() throws IOException {
		this.client
			.send(new FcgiBytes().record(FcgiBytes.STDIN, 1, new byte[0]).record(FcgiBytes.STDIN, 9, new byte[99]));
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void anAbortBeforeTheRequestIsCompleteEndsIt() throws IOException {
		this.client.send(new FcgiBytes().begin(1, true)
			.record(FcgiBytes.PARAMS, 1, FcgiBytes.pairs("A", "B"))
			.record(FcgiBytes.ABORT, 1, new byte[0]));
		assertThat(this.client.answer(1).end()).isZero();
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void anAbortInTheBodyEndsTheRequestAndKeepsTheConnection() throws IOException {
		this.client.send(new FcgiBytes().begin(1, true)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/echo", "CONTENT_LENGTH", "100")
			.record(FcgiBytes.STDIN, 1, new byte[10])
			.record(FcgiBytes.ABORT, 1, new byte[0]));
		assertThat(this.client.answer(1).end()).isZero();
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void anotherVersionIsClosed() throws IOException {
		this.client.send(new FcgiBytes().raw(2, 1, 0, 1, 0, 8, 0, 0));
		assertThat(this.client.isClosedByServer()).isTrue();
	}

	@Test
	void theSameRequestTwiceIsClosed() throws IOException {
		this.client.send(new FcgiBytes().begin(1, true).begin(1, true));
		assertThat(this.client.isClosedByServer()).isTrue();
	}

	@Test
	void aRequestWithoutANumberIsClosed() throws IOException {
		this.client.send(new FcgiBytes().begin(0, true));
		assertThat(this.client.isClosedByServer()).isTrue();
	}

	@Test
	void anEndInsideARecordIsAnEndAndIsCounted() throws IOException {
		long before = tomcat.halfRequests();
		this.client.send(new FcgiBytes().begin(1, true).raw(1, 4, 0, 1, 0, 9, 0, 0, 1));
		this.client.endOutput();
		assertThat(this.client.isClosedByServer()).isTrue();
		assertThat(tomcat.halfRequests()).isEqualTo(before + 1);
	}

	@Test
	void aLengthBeyondTheParametersIsABadRequest() throws IOException {
		byte[] pairs = { (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1, 'A' };
		FcgiAnswer answer = answer(new FcgiBytes().begin(1, true)
			.record(FcgiBytes.PARAMS, 1, pairs)
			.record(FcgiBytes.PARAMS, 1, new byte[0])
			.body(1, new byte[0]));
		assertThat(answer.status()).isEqualTo("400 Bad Request");
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@ParameterizedTest
	@CsvSource({ "REQUEST_URI, /a?b=|", "REQUEST_METHOD, G T", "REQUEST_URI, http://a|b/", "CONTENT_LENGTH, many" })
	void aBadRequestOfOneClientIsNotTheEndOfAnothersConnection(String name, String value) throws IOException {
		for (int i = 0; i < 3; i++) {
			byte[] body = FcgiBytes.text("body");
			assertThat(answer(FcgiSocket.request(1, true, "POST", "/echo", body, name, value)).status())
				.isEqualTo("400 Bad Request");
			assertThat(this.client.isQuiet()).isTrue();
			assertThat(answer(FcgiSocket.request(1, true, "POST", "/echo", body)).body()).isEqualTo("body");
		}
	}

	@Test
	void aBadRequestIsTheEndOfAConnectionThatIsNotKept() throws IOException {
		assertThat(answer(FcgiSocket.request(1, false, "POST", "/a?|", new byte[300_000])).status())
			.isEqualTo("400 Bad Request");
		assertThat(this.client.isClosedByServer()).isTrue();
	}

	@Test
	void tooManyBytesOfParametersAreABadRequest() throws IOException {
		FcgiAnswer answer = answer(FcgiSocket.request(1, true, "GET", "/", new byte[0], "X", "x".repeat(200_000)));
		assertThat(answer.status()).isEqualTo("400 Bad Request");
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void aHeaderOf60KilobytesIsNotTooMuch() throws IOException {
		String value = "x".repeat(60_000);
		assertThat(answer(FcgiSocket.request(1, true, "GET", "/", new byte[0], "HTTP_X", value)).body())
			.contains("x: [" + value + "]");
	}

	@ParameterizedTest
	@CsvSource({ "10, body, 400 Bad Request, ''", "3, body, 200 OK, bod", "'', body, 200 OK, body",
			"-1, body, 200 OK, body", "4, body, 200 OK, body", "0, body, 200 OK, ''", "many, body, 400 Bad Request, ''",
			"+4, body, 400 Bad Request, ''", "99999999999999999999, body, 400 Bad Request, ''" })
	void theLengthOfTheBodyIsWhatItSays(String length, String body, String status, String echo) throws IOException {
		FcgiAnswer answer = answer(
				FcgiSocket.request(1, true, "POST", "/echo", FcgiBytes.text(body), "CONTENT_LENGTH", length));
		assertThat(answer.status()).isEqualTo(status);
		if (!echo.isEmpty()) {
			assertThat(answer.body()).isEqualTo(echo);
			assertThat(this.client.get("/word", true).body()).isEqualTo("word");
		}
	}

	@Test
	void lengthsThatContradictEachOtherAreABadRequest() throws IOException {
		assertThat(answer(new FcgiBytes().begin(1, false)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/echo", "CONTENT_LENGTH", "3", "CONTENT_LENGTH", "4")
			.body(1, FcgiBytes.text("body"))).status()).isEqualTo("400 Bad Request");
	}

	@ParameterizedTest
	@ValueSource(ints = { 300_000, 1_000_000, 12_000_000 })
	void aBodyThatNobodyReadsHangsNobody(int length) throws IOException {
		for (String path : List.of("/ignore", "/ignore-large")) {
			for (boolean unix : List.of(true, false)) {
				try (FcgiSocket client = unix
						? new FcgiSocket(UnixDomainSocketAddress.of(directory.resolve("fcgi.sock")))
						: tomcat.connectFcgi()) {
					client.send(FcgiSocket.request(1, false, "POST", path, new byte[length]));
					FcgiAnswer answer = client.answer(1);
					assertThat(answer.status()).isEqualTo("200 OK");
					assertThat(answer.bytes()).hasSize(path.equals("/ignore") ? 10 : 1_000_000);
					assertThat(client.isClosedByServer()).as("nginx waits for that").isTrue();
				}
			}
		}
	}

	@Test
	void theEndIsSaidAtOnceThoughTheBodyIsNotSent() throws IOException {
		// As nginx does it when it has the head of the response.
		this.client.send(new FcgiBytes().begin(1, false)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/ignore", "CONTENT_LENGTH", "1000000")
			.record(FcgiBytes.STDIN, 1, new byte[1000]));
		assertThat(this.client.answer(1).status()).isEqualTo("200 OK");
		assertThat(this.client.isClosedByServer()).isTrue();
	}

	@Test
	void thePaddingOfTheLastRecordMayComeAfterTheAnswer() throws IOException {
		UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("fcgi.sock"));
		try (FcgiSocket unix = new FcgiSocket(address); FcgiSocket other = new FcgiSocket(address)) {
			byte[] padding = new byte[9];
			unix.send(new FcgiBytes().begin(1, false)
				.params(1, "REQUEST_METHOD", "GET", "REQUEST_URI", "/word")
				.raw(1, FcgiBytes.STDIN, 0, 1, 0, 0, padding.length, 0));
			assertThat(unix.answer(1).body()).isEqualTo("word");
			assertThat(unix.isClosedByServer()).isTrue();
			// Has the selector forget what is closed, and so close it indeed.
			assertThat(other.get("/word", false).body()).isEqualTo("word");
			assertThatNoException().as("there is one who reads").isThrownBy(() -> unix.send(padding));
		}
	}

	@Test
	void aBodyThatNobodyReadsDoesNotEndAConnectionThatIsKept() throws IOException {
		for (int i = 0; i < 3; i++) {
			this.client.send(FcgiSocket.request(1, true, "POST", "/ignore", new byte[1_000_000]));
			assertThat(this.client.answer(1).status()).isEqualTo("200 OK");
			this.client.sendAll(new FcgiBytes());
			assertThat(this.client.get("/word", true).body()).isEqualTo("word");
		}
	}

	@Test
	void aBodyThatIsTooLargeToBeIgnoredEndsTheConnection() throws IOException {
		this.client.send(FcgiSocket.request(1, true, "POST", "/ignore", new byte[3_000_000]));
		assertThat(this.client.answer(1).status()).isEqualTo("200 OK");
		assertThat(this.client.isClosedByServer()).isTrue();
	}

	@Test
	void thousandsOfRequestsOnOneConnectionAreNotMixed() throws IOException {
		Random random = new Random(5);
		for (int i = 0; i < 10_000; i++) {
			byte[] body = new byte[(i % 50 == 0) ? random.nextInt(200_000) : random.nextInt(300)];
			random.nextBytes(body);
			int id = 1 + random.nextInt(65535);
			this.client.send(FcgiSocket.request(id, true, "POST", "/echo", body));
			assertThat(Arrays.equals(this.client.answer(id).bytes(), body)).as("request " + i).isTrue();
		}
	}

	private FcgiAnswer answer(FcgiBytes bytes) throws IOException {
		return this.client.send(bytes).answer(1);
	}

}
