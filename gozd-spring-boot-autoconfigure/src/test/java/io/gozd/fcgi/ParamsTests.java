package io.gozd.fcgi;

import java.util.Arrays;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class ParamsTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 126, 127, 128, 129, 255, 256, 65535, 100_000 })
	void lengthsOfEverySizeAreUnderstood(int length) throws FcgiException {
		String value = "v".repeat(length);
		Params params = decode("N", value, value, "after");
		assertThat(params.size()).isEqualTo(2);
		assertThat(params.value(0)).isEqualTo(value);
		assertThat(params.name(1)).isEqualTo(value);
		assertThat(params.value(1)).isEqualTo("after");
	}

	@Test
	void aShortLengthMayHaveTheLongForm() throws FcgiException {
		Params params = Params.decode(new byte[] { (byte) 0x80, 0, 0, 1, (byte) 0x80, 0, 0, 0, 'A' }, 1);
		assertThat(params.name(0)).isEqualTo("A");
		assertThat(params.value(0)).isEmpty();
	}

	@Test
	void nothingHasNoParameters() throws FcgiException {
		assertThat(decode().size()).isZero();
	}

	@Test
	void aLengthThatIsMoreThanThereIsIsFound() {
		byte most = (byte) 0xff;
		for (byte[] bytes : new byte[][] { { 1 }, { 1, 0 }, { 0, 1 }, { (byte) 0x80 }, { (byte) 0x80, 0, 0 },
				{ 0, (byte) 0x80, 0, 0 }, { most, most, most, most, 0 },
				{ most, most, most, most, most, most, most, most }, { 1, most, most, most, most, 'A' },
				{ most, most, most, most, 1, 'A' } }) {
			assertThatExceptionOfType(FcgiException.class).as(Arrays.toString(bytes))
				.isThrownBy(() -> Params.decode(bytes, 10));
		}
	}

	@Test
	void theMapIsInOrderAndCantBeChanged() throws FcgiException {
		Map<String, String> map = new ServerParams(decode("B", "1", "A", "2", "HTTP_X", "1", "HTTP_X", "2", "B", "3",
				"HTTP_COOKIE", "a=1", "HTTP_COOKIE", "b=2"));
		assertThat(map).containsExactly(Map.entry("B", "3"), Map.entry("A", "2"), Map.entry("HTTP_X", "1, 2"),
				Map.entry("HTTP_COOKIE", "a=1; b=2"));
		assertThat(map).containsKey("A").doesNotContainKey("C");
		assertThat(map.get("C")).isNull();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> map.put("C", ""));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(map::clear);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> map.entrySet().iterator().next().setValue("x"));
	}

	@Test
	void theMapHasTextWhereTheProtocolHasBytes() throws FcgiException {
		Params params = decode("DOCUMENT_URI", "/gr\u00fc\u00dfe");
		assertThat(new ServerParams(params)).containsEntry("DOCUMENT_URI", "/gr\u00fc\u00dfe");
		assertThat(params.value(0)).isEqualTo("/gr\u00c3\u00bc\u00c3\u009fe");
	}

	private static Params decode(String... namesAndValues) throws FcgiException {
		return Params.decode(FcgiBytes.pairs(namesAndValues), 100);
	}

}
