package io.gozd.fcgi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A web server's question about what an application can do (FastCGI 1.0, 4.1).
 *
 * @param names what it asks for
 */
record GetValues(Params names) {

	/** More than all questions that there are, in bytes. */
	static final int MAX_SIZE = 1024;

	private static final int MAX_NAMES = 64;

	/** Take the content that is next in a buffer. */
	static GetValues take(ByteBuffer input, int length) throws FcgiException {
		byte[] content = new byte[length];
		input.get(content);
		return new GetValues(Params.decode(content, MAX_NAMES));
	}

	/** The answer: what is known, once. */
	ByteBuffer answer(int maxConnections) {
		Map<String, String> known = Map.of("FCGI_MAX_CONNS", Integer.toString(maxConnections), "FCGI_MAX_REQS",
				Integer.toString(maxConnections), "FCGI_MPXS_CONNS", "0");
		Map<String, String> values = new LinkedHashMap<>();
		for (int i = 0; i < this.names.size(); i++) {
			String value = known.get(this.names.name(i));
			if (value != null) {
				values.put(this.names.name(i), value);
			}
		}
		ByteBuffer answer = ByteBuffer.allocate(RecordHeader.SIZE + 256);
		answer.position(RecordHeader.SIZE);
		values.forEach((name, value) -> answer.put((byte) name.length())
			.put((byte) value.length())
			.put(name.getBytes(StandardCharsets.US_ASCII))
			.put(value.getBytes(StandardCharsets.US_ASCII)));
		int length = answer.position() - RecordHeader.SIZE;
		answer.flip();
		new RecordHeader(RecordType.GET_VALUES_RESULT, 0, length).put(answer);
		return answer.rewind();
	}

}
