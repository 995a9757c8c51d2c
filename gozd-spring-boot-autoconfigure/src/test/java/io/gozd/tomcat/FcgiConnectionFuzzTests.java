package io.gozd.tomcat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.gozd.fcgi.FcgiBytes;
import io.gozd.listener.FcgiSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections on which comes what should not: hundreds of them, or as many as
 * {@code -Dgozd.fuzz.connections} says. None waits for ever, and no answer has words of
 * another request. The seed is said when one fails.
 */
final class FcgiConnectionFuzzTests {

	private static final int CONNECTIONS = Integer.getInteger("gozd.fuzz.connections", 300);

	private static final int STEPS = 15;

	private static final long SEED = Long.getLong("gozd.fuzz.seed", 20261123);

	private static final int LAST_ID = 60_000;

	private static final Pattern WORD = Pattern.compile("#(\\d+)#");

	private Path directory;

	private EmbeddedTomcat tomcat;

	@BeforeEach
	void serve() throws Exception {
		this.directory = Files.createTempDirectory("gozd");
		this.tomcat = new EmbeddedTomcat(this.directory, List.of())
			.fcgi(UnixDomainSocketAddress.of(this.directory.resolve("fcgi.sock")), FcgiSettings.DEFAULTS)
			.servlet("/word", FcgiServlets.of((request, response) -> response.getWriter().print("word")))
			.servlet("/echo", FcgiServlets.echo())
			.servlet("/non-blocking", FcgiServlets.nonBlocking())
			.servlet("/aside", FcgiServlets.echoAside())
			.serve();
	}

	@AfterEach
	void stop() throws IOException {
		this.tomcat.close();
		FileSystemUtils.deleteRecursively(this.directory);
	}

	@Test
	void everyRequestGetsItsOwnAnswerWhateverComesBetween() {
		for (int i = 0; i < CONNECTIONS; i++) {
			withSeed(SEED + i, this::talk);
		}
		assertNothingIsLeft();
	}

	private void talk(Random random) throws IOException {
		FcgiTalk talk = new FcgiTalk(random);
		for (int step = 0; step < STEPS; step++) {
			talk.goOn();
		}
		boolean keep = random.nextBoolean();
		talk.request(keep);
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			sendInPieces(client, talk.bytes(), random);
			Map<Integer, ByteArrayOutputStream> answers = new HashMap<>();
			int replies = 0;
			boolean goOn = true;
			while (goOn) {
				FcgiSocket.Record record = client.record();
				assertThat(record).as("the connection goes on").isNotNull();
				switch (record.type()) {
					case FcgiBytes.STDOUT -> answers.computeIfAbsent(record.id(), (id) -> new ByteArrayOutputStream())
						.writeBytes(record.content());
					case FcgiBytes.END -> {
						ByteArrayOutputStream answer = answers.remove(record.id());
						assertThat(text(answer)).as("request " + record.id())
							.isEqualTo(talk.answers().remove(record.id()));
						goOn = record.id() != talk.lastId();
					}
					default -> {
						assertThat(record.id()).isZero();
						replies++;
					}
				}
			}
			assertThat(talk.answers()).isEmpty();
			assertThat(answers).isEmpty();
			assertThat(replies).isEqualTo(talk.replies());
			assertThat(keep || client.isClosedByServer()).isTrue();
		}
	}

	private static String text(@Nullable ByteArrayOutputStream output) {
		if (output == null || output.size() == 0) {
			return "none";
		}
		FcgiAnswer answer = new FcgiAnswer(output.toByteArray(), "", 0);
		return answer.status() + (answer.status().equals("200 OK") ? " " + answer.body() : "");
	}

	@Test
	void noNonsenseHoldsAConnectionOrComesBackToAnother() {
		int[] answered = { 0 };
		for (int i = 0; i < CONNECTIONS; i++) {
			withSeed(SEED + i, (random) -> answered[0] += babble(random) ? 1 : 0);
		}
		assertThat(answered[0]).as("or it was no test").isPositive();
		assertNothingIsLeft();
	}

	/** Send anything, and a request; say whether that was answered. */
	private boolean babble(Random random) throws IOException {
		FcgiBytes bytes = new FcgiBytes();
		for (int step = random.nextInt(STEPS); step >= 0; step--) {
			nonsense(bytes, random);
		}
		bytes.begin(LAST_ID, random.nextBoolean())
			.params(LAST_ID, "REQUEST_METHOD", "POST", "REQUEST_URI", "/echo", "CONTENT_LENGTH", "")
			.body(LAST_ID, words(LAST_ID));
		Map<Integer, ByteArrayOutputStream> answers = new HashMap<>();
		boolean answered = false;
		try (FcgiSocket client = this.tomcat.connectFcgi()) {
			try {
				sendInPieces(client, bytes.toByteArray(), random);
				client.sendAll(new FcgiBytes());
				client.endOutput();
				FcgiSocket.Record record;
				while ((record = client.record()) != null) {
					if (record.type() == FcgiBytes.STDOUT) {
						answers.computeIfAbsent(record.id(), (id) -> new ByteArrayOutputStream())
							.writeBytes(record.content());
					}
					answered |= record.type() == FcgiBytes.END && record.id() == LAST_ID && record.content()[4] == 0;
				}
			}
			catch (SocketTimeoutException ex) {
				throw ex;
			}
			catch (IOException ex) {
				// A connection that is no conversation may be reset.
			}
		}
		answers.forEach((id, answer) -> {
			Matcher words = WORD.matcher(answer.toString(StandardCharsets.ISO_8859_1));
			while (words.find()) {
				assertThat(words.group(1)).isEqualTo(Integer.toString(id));
			}
		});
		return answered
				&& text(answers.get(LAST_ID)).equals("200 OK " + new String(words(LAST_ID), StandardCharsets.US_ASCII));
	}

	private static void nonsense(FcgiBytes bytes, Random random) {
		int id = random.nextInt(4);
		int padding = (random.nextInt(4) == 0) ? random.nextInt(256) : 0;
		switch (random.nextInt(24)) {
			case 0, 1, 2, 3, 4 -> bytes.begin(Math.max(id, 1), (random.nextInt(9) == 0) ? 2 : 1, random.nextInt(2));
			case 5, 6, 7, 8, 9 -> bytes.params(id, "REQUEST_METHOD", "POST", "REQUEST_URI",
					random.nextBoolean() ? "/echo" : "/aside", "CONTENT_LENGTH", random.nextBoolean() ? "" : "10");
			case 10, 11, 12, 13 -> bytes.record(FcgiBytes.STDIN, id, words(id), padding);
			case 14, 15, 16, 17 -> bytes.record(FcgiBytes.STDIN, id, new byte[0], padding);
			case 18, 19 -> bytes.record(FcgiBytes.ABORT, id, new byte[random.nextInt(3)], padding);
			case 20 -> bytes.record(random.nextInt(256), id, new byte[random.nextInt(3000)], padding);
			case 21 -> bytes.record(FcgiBytes.PARAMS, id, new byte[] { 5, 5, 'a' }, padding);
			case 22 -> bytes.record(FcgiBytes.GET_VALUES, 0, FcgiBytes.pairs("FCGI_MAX_REQS", ""), padding);
			default -> {
				byte[] noise = new byte[random.nextInt(20)];
				random.nextBytes(noise);
				for (byte each : noise) {
					bytes.raw(each);
				}
			}
		}
	}

	private static byte[] words(int id) {
		return FcgiBytes.text(("#" + id + "#").repeat(10));
	}

	private static void sendInPieces(FcgiSocket client, byte[] bytes, Random random) throws IOException {
		int largest = 1 + random.nextInt(random.nextBoolean() ? 100 : 20_000);
		for (int at = 0; at < bytes.length;) {
			int length = Math.min(1 + random.nextInt(largest), bytes.length - at);
			client.send(Arrays.copyOfRange(bytes, at, at + length));
			at += length;
		}
	}

	private void assertNothingIsLeft() {
		await().atMost(Duration.ofSeconds(15)).until(() -> this.tomcat.endpoints().openConnections() == 0);
	}

	private static void withSeed(long seed, Fuzz fuzz) {
		try {
			fuzz.run(new Random(seed));
		}
		catch (Exception | AssertionError ex) {
			throw new AssertionError("With the seed " + seed, ex);
		}
	}

	/** Something that is different with each seed. */
	@FunctionalInterface
	private interface Fuzz {

		void run(Random random) throws Exception;

	}

}
