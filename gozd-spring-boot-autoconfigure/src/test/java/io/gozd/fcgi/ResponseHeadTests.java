package io.gozd.fcgi;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class ResponseHeadTests {

	private final ResponseHead head = new ResponseHead();

	@Test
	void theStatusComesLastAndHasAReason() {
		assertThat(this.head.add("Location", "/there")).isTrue();
		assertThat(end(201)).isEqualTo("Location: /there\r\nStatus: 201 Created\r\n\r\n");
	}

	@Test
	void everyStatusHasAReason() {
		for (int status = 100; status < 1000; status++) {
			String text = StandardCharsets.ISO_8859_1.decode(new ResponseHead().end(status)).toString();
			assertThat(text).matches("Status: " + status + " \\S.*\r\n\r\n");
		}
	}

	@Test
	void aValueCantBecomeAnotherHeader() {
		this.head.add("X-A", "a\r\nSet-Cookie: b\0c\td\u007f");
		assertThat(end(200)).isEqualTo("X-A: a  Set-Cookie: b c\td \r\nStatus: 200 OK\r\n\r\n");
	}

	@Test
	void whatHasNoByteIsAQuestionMark() {
		this.head.add("X-A", "\u00fc\u20ac");
		assertThat(end(200)).startsWith("X-A: \u00fc?\r\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a:", "a\r\nb", "\u00fc", "(a)", "a/b", "Status", "STATUS", "Connection",
			"Keep-Alive", "Transfer-Encoding", "Upgrade", "Trailer", "TE", "Proxy-Connection" })
	void whatIsNoHeaderOfAResponseIsLeftOut(String name) {
		assertThat(this.head.add(name, "x")).isFalse();
		assertThat(end(200)).isEqualTo("Status: 200 OK\r\n\r\n");
	}

	@Test
	void aHeadMayBeLong() {
		this.head.add("X-A", "x".repeat(100_000));
		assertThat(end(200)).hasSize(100_000 + "X-A: \r\nStatus: 200 OK\r\n\r\n".length());
	}

	private String end(int status) {
		return StandardCharsets.ISO_8859_1.decode(this.head.end(status)).toString();
	}

}
