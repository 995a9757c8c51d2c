package io.gozd.fcgi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import io.gozd.fcgi.RequestReader.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class RequestReaderTests {

	private final ReaderLog log = new ReaderLog();

	@Test
	void aRequestHasParametersAndABody() throws IOException {
		assertThat(events(bytes().begin(1, false).params(1, "A", "1", "B", "").body(1, FcgiBytes.text("body"))))
			.containsExactly("request 1 {A=1, B=}", "body body");
		assertThat(this.log.reader().isBetween()).isTrue();
		assertThat(this.log.reader().isUnused()).isTrue();
	}

	@Test
	void severalFollowOnAConnectionThatIsKept() throws IOException {
		assertThat(events(bytes().begin(1, true)
			.params(1, "A", "1")
			.body(1, new byte[0])
			.begin(1, true)
			.params(1, "A", "2")
			.body(1, new byte[0])
			.begin(65535, true)
			.params(65535)
			.body(65535, FcgiBytes.text("x")))).containsExactly("request 1 keep {A=1}", "body ", "request 1 keep {A=2}",
					"body ", "request 65535 keep {}", "body x");
	}

	@Test
	void everySplitOfAConversationIsTheSame() throws IOException {
		byte[] bytes = conversation();
		List<String> whole = new ReaderLog().receive(bytes, Integer.MAX_VALUE).events;
		assertThat(whole).hasSize(13);
		for (int at = 1; at < bytes.length; at++) {
			ReaderLog log = new ReaderLog();
			log.receive(Arrays.copyOf(bytes, at), Integer.MAX_VALUE);
			log.receive(Arrays.copyOfRange(bytes, at, bytes.length), Integer.MAX_VALUE);
			assertThat(log.events).as("split at " + at).isEqualTo(whole);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5, 7, 8, 11, 64, 255, 1000 })
	void piecesOfAnySizeAreTheSame(int size) throws IOException {
		byte[] bytes = conversation();
		assertThat(new ReaderLog().receive(bytes, size).events)
			.isEqualTo(new ReaderLog().receive(bytes, Integer.MAX_VALUE).events);
	}

	/** Everything that may come on one connection. */
	private static byte[] conversation() {
		String large = "v".repeat(300);
		byte[] pairs = FcgiBytes.pairs("REQUEST_METHOD", "GET", "LARGE", large);
		FcgiBytes bytes = bytes().record(FcgiBytes.GET_VALUES, 0, FcgiBytes.pairs("FCGI_MPXS_CONNS", ""), 3)
			.record(FcgiBytes.STDIN, 1, new byte[0], 8)
			.begin(1, 1, 0xff);
		for (byte pair : pairs) {
			bytes.record(FcgiBytes.PARAMS, 1, new byte[] { pair }, 3);
		}
		return bytes.record(FcgiBytes.PARAMS, 1, new byte[0], 255)
			.record(FcgiBytes.STDIN, 1, FcgiBytes.text("first "), 2)
			.begin(2, 1, 1)
			.params(2, "NOT", "MINE")
			.record(200, 0, new byte[3], 4)
			.record(201, 1, new byte[5], 4)
			.record(FcgiBytes.STDIN, 2, FcgiBytes.text("not mine"))
			.record(FcgiBytes.STDIN, 1, FcgiBytes.text("second"))
			.body(1, new byte[0])
			.begin(3, 3, 1)
			.params(3, "NOT", "SERVED")
			.begin(3, true)
			.record(FcgiBytes.ABORT, 3, new byte[0], 7)
			.begin(4, true)
			.params(4, "A", "4")
			.record(FcgiBytes.STDIN, 4, FcgiBytes.text("cut"))
			.record(FcgiBytes.ABORT, 4, new byte[0])
			.record(FcgiBytes.STDIN, 4, FcgiBytes.text("late"))
			.begin(4, true)
			.params(4, "A", "5")
			.body(4, FcgiBytes.text("whole"))
			.begin(5, 2, 0)
			.toByteArray();
	}

	@Test
	void anotherVersionIsNotUnderstood() {
		assertThatExceptionOfType(FcgiException.class)
			.isThrownBy(() -> events(bytes().raw(2, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)))
			.withMessageContaining("version 2");
	}

	@Test
	void aRequestThatIsNoneIsNotUnderstood() {
		assertThatExceptionOfType(FcgiException.class).isThrownBy(() -> events(bytes().begin(0, true)));
		assertThatExceptionOfType(FcgiException.class)
			.isThrownBy(() -> events(bytes().record(FcgiBytes.BEGIN, 1, new byte[7])));
		assertThatExceptionOfType(FcgiException.class)
			.isThrownBy(() -> events(bytes().record(FcgiBytes.BEGIN, 1, new byte[9])));
	}

	@Test
	void theSameRequestCantBeginTwice() {
		assertThatExceptionOfType(FcgiException.class).isThrownBy(() -> events(bytes().begin(1, true).begin(1, true)));
		assertThatExceptionOfType(FcgiException.class)
			.isThrownBy(() -> new ReaderLog().receive(bytes().begin(7, true).params(7).begin(7, true)));
	}

	@Test
	void aBodyCantBeginBeforeTheParametersHaveEnded() {
		assertThatExceptionOfType(FcgiException.class)
			.isThrownBy(() -> events(bytes().begin(1, true).record(FcgiBytes.STDIN, 1, new byte[1])));
	}

	@Test
	void aSecondRequestAtTheSameTimeIsRefused() throws IOException {
		assertThat(events(bytes().begin(1, true)
			.params(1, "A", "1")
			.begin(2, true)
			.params(2, "A", "2")
			.body(2, FcgiBytes.text("two"))
			.body(1, FcgiBytes.text("one"))))
			.containsExactly("request 1 keep {A=1}", "reply 1 3 0 2 0 8 0 0 0 0 0 0 1 0 0 0", "body one");
	}

	@Test
	void anotherRoleIsRefused() throws IOException {
		assertThat(events(bytes().begin(1, 2, 1).params(1, "A", "1").begin(2, true).params(2).body(2, new byte[0])))
			.containsExactly("reply 1 3 0 1 0 8 0 0 0 0 0 0 3 0 0 0", "request 2 keep {}", "body ");
		assertThat(new ReaderLog().receive(bytes().begin(1, 3, 0)).events)
			.containsExactly("reply 1 3 0 1 0 8 0 0 0 0 0 0 3 0 0 0", "close");
	}

	@Test
	void whatAnApplicationCanDoIsTold() throws IOException {
		assertThat(events(bytes().record(FcgiBytes.GET_VALUES, 0,
				FcgiBytes.pairs("FCGI_MAX_CONNS", "", "FCGI_OTHER", "", "FCGI_MPXS_CONNS", "", "FCGI_MAX_CONNS", ""))))
			.containsExactly("reply 1 10 0 0 0 37 0 0 14 3 70 67 71 73 95 77 65 88 95 67 79 78 78 83 53 48 48"
					+ " 15 1 70 67 71 73 95 77 80 88 83 95 67 79 78 78 83 48");
		assertThat(new ReaderLog().receive(bytes().record(FcgiBytes.GET_VALUES, 0, new byte[0])).events)
			.containsExactly("reply 1 10 0 0 0 0 0 0");
	}

	@Test
	void aQuestionThatIsTooLongIsNotUnderstood() {
		assertThatExceptionOfType(FcgiException.class)
			.isThrownBy(() -> events(bytes().record(FcgiBytes.GET_VALUES, 0, new byte[1025])));
		assertThatExceptionOfType(FcgiException.class)
			.isThrownBy(() -> events(bytes().record(FcgiBytes.GET_VALUES, 0, new byte[] { 5, 5 })));
	}

	@Test
	void anUnknownTypeIsAnswered() throws IOException {
		assertThat(events(bytes().record(99, 0, new byte[2], 1)))
			.containsExactly("reply 1 11 0 0 0 8 0 0 99 0 0 0 0 0 0 0");
	}

	@Test
	void anUnknownTypeOfARequestIsIgnored() throws IOException {
		assertThat(events(bytes().begin(1, true).record(99, 1, new byte[9]).params(1).body(1, new byte[0])))
			.containsExactly("request 1 keep {}", "body ");
	}

	@Test
	void anAbortBeforeTheRequestIsHereEndsIt() throws IOException {
		assertThat(events(bytes().begin(1, true).record(FcgiBytes.ABORT, 1, new byte[0])))
			.containsExactly("reply 1 3 0 1 0 8 0 0 0 0 0 0 0 0 0 0");
		assertThat(new ReaderLog().receive(bytes().begin(1, false).record(FcgiBytes.ABORT, 1, new byte[0])).events)
			.containsExactly("reply 1 3 0 1 0 8 0 0 0 0 0 0 0 0 0 0", "close");
		assertThat(new ReaderLog().receive(bytes().record(FcgiBytes.ABORT, 1, new byte[0])).events).isEmpty();
	}

	@Test
	void parametersAreBounded() throws IOException {
		String[] pairs = { "A", "x".repeat(65536) };
		assertThat(events(bytes().begin(1, true).params(1, pairs).body(1, new byte[0]))).hasSize(1)
			.first()
			.asString()
			.isEqualTo("request 1 keep More than 65536 bytes of parameters");
	}

	@Test
	void theNumberOfParametersIsBounded() throws IOException {
		String[] pairs = new String[202];
		Arrays.fill(pairs, "");
		assertThat(events(bytes().begin(1, true).params(1, pairs)))
			.containsExactly("request 1 keep More than 100 parameters");
	}

	@ParameterizedTest
	@ValueSource(ints = { FcgiBytes.STDIN, FcgiBytes.PARAMS, FcgiBytes.ABORT, 77 })
	void recordsThatNobodyReadsAreBounded(int type) throws IOException {
		FcgiBytes bytes = bytes();
		for (int i = 0; i < 1251; i++) {
			bytes.record(type, 1, new byte[0]);
		}
		assertThat(events(bytes)).containsExactly("close");
	}

	@Test
	void whatNobodyReadsIsBounded() throws IOException {
		assertThat(new ReaderLog().receive(bytes().record(FcgiBytes.STDIN, 1, new byte[10_001])).events)
			.containsExactly("close");
	}

	@Test
	void aRequestThatComesBeforeTheAnswerWaits() throws IOException {
		RequestReader reader = new RequestReader(ReaderLog.LIMITS);
		ByteBuffer input = ByteBuffer.wrap(bytes().begin(1, true)
			.params(1, "A", "1")
			.body(1, new byte[0])
			.begin(1, true)
			.params(1, "A", "2")
			.body(1, new byte[0])
			.toByteArray());
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.REQUEST);
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.END_OF_BODY);
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.PIPELINED);
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.PIPELINED);
		reader.finish();
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.REQUEST);
		assertThat(reader.params().value(0)).isEqualTo("2");
	}

	@Test
	void theRestOfABodyIsIgnoredWhenTheRequestHasBeenAnswered() throws IOException {
		RequestReader reader = new RequestReader(ReaderLog.LIMITS);
		ByteBuffer input = ByteBuffer.wrap(bytes().begin(1, true)
			.params(1)
			.body(1, new byte[100])
			.begin(1, true)
			.params(1, "A", "2")
			.toByteArray());
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.REQUEST);
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.BODY);
		assertThat(reader.takeBody(input, 3).remaining()).isEqualTo(3);
		reader.finish();
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.REQUEST);
		assertThat(reader.params().value(0)).isEqualTo("2");
	}

	@Test
	void theEndOfABodyThatNobodyReadsIsNothingToIgnore() throws IOException {
		RequestReader reader = new RequestReader(ReaderLog.LIMITS);
		ByteBuffer input = ByteBuffer.wrap(bytes().begin(1, true).params(1).body(1, new byte[100]).toByteArray());
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.REQUEST);
		reader.finish();
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.STARVED);
		assertThat(reader.isBetween()).isTrue();
		assertThat(reader.isUnused()).isTrue();
		input = ByteBuffer.wrap(bytes().record(FcgiBytes.STDIN, 1, new byte[0]).toByteArray());
		assertThat(reader.next(input, this::unexpected)).isEqualTo(Event.STARVED);
		assertThat(reader.isUnused()).isFalse();
	}

	private void unexpected(ByteBuffer reply) {
		throw new AssertionError("A reply to nothing");
	}

	private List<String> events(FcgiBytes bytes) throws IOException {
		return this.log.receive(bytes).events;
	}

	private static FcgiBytes bytes() {
		return new FcgiBytes();
	}

}
