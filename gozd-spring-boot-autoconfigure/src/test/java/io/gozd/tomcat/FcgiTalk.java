package io.gozd.tomcat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import io.gozd.fcgi.FcgiBytes;

/**
 * What a web server sends on one connection that is kept: requests, and much between and
 * inside them that is not served and ends nothing. It knows what has to come back.
 */
final class FcgiTalk {

	private static final String[] PATHS = { "/echo", "/non-blocking", "/aside" };

	private static final byte[] NOTHING = new byte[0];

	/** By the id: the status, and the body if the status is 200. */
	private final Map<Integer, String> answers = new LinkedHashMap<>();

	private final FcgiBytes bytes = new FcgiBytes();

	private final Random random;

	private int replies;

	private int lastId;

	FcgiTalk(Random random) {
		this.random = random;
	}

	byte[] bytes() {
		return this.bytes.toByteArray();
	}

	Map<Integer, String> answers() {
		return this.answers;
	}

	/** How many records belong to no request. */
	int replies() {
		return this.replies;
	}

	int lastId() {
		return this.lastId;
	}

	/** Say one more thing. */
	void goOn() {
		switch (this.random.nextInt(14)) {
			case 0 -> {
				this.bytes.record(FcgiBytes.GET_VALUES, 0, FcgiBytes.pairs("FCGI_MAX_CONNS", ""), padding());
				this.replies++;
			}
			case 1 -> {
				this.bytes.record(20 + this.random.nextInt(200), 0, noise(), padding());
				this.replies++;
			}
			case 2 -> this.bytes.record(20 + this.random.nextInt(200), stranger(), noise(), padding());
			case 3 -> this.bytes.record(2 + this.random.nextInt(8), stranger(), noise(), padding());
			case 4 -> otherRole();
			case 5 -> abortBeforeItBegins();
			case 6 -> abortInTheBody();
			case 7 -> badRequest();
			case 8 -> shortBody();
			case 9 -> bodyThatNobodyReads();
			case 10 -> twoAtOnce();
			default -> request(true);
		}
	}

	/** Ask for the own words, in one of many ways. */
	void request(boolean keep) {
		int id = nextId(keep);
		byte[] body = body(id, this.random.nextInt(3000));
		params(id, "POST", PATHS[this.random.nextInt(PATHS.length)], length(body.length));
		pieces(id, body);
		this.bytes.record(FcgiBytes.STDIN, id, NOTHING, padding());
		this.answers.put(id, "200 OK " + new String(body, StandardCharsets.US_ASCII));
	}

	private void otherRole() {
		int id = ++this.lastId;
		this.bytes.begin(id, 2 + this.random.nextInt(3), FcgiBytes.KEEP);
		params(id, "POST", "/echo", "");
		this.bytes.record(FcgiBytes.STDIN, id, noise()).record(FcgiBytes.STDIN, id, NOTHING);
		this.answers.put(id, "none");
	}

	private void abortBeforeItBegins() {
		int id = nextId(true);
		this.bytes.record(FcgiBytes.PARAMS, id, FcgiBytes.pairs("A", "B"), padding())
			.record(FcgiBytes.ABORT, id, NOTHING, padding());
		this.answers.put(id, "none");
	}

	private void abortInTheBody() {
		int id = nextId(true);
		params(id, "POST", "/echo", "");
		pieces(id, body(id, this.random.nextInt(300)));
		this.bytes.record(FcgiBytes.ABORT, id, NOTHING, padding());
		this.answers.put(id, "none");
	}

	private void badRequest() {
		int id = nextId(true);
		byte[] body = body(id, this.random.nextInt(1000));
		params(id, "POST", "/echo?|", length(body.length));
		pieces(id, body);
		this.bytes.record(FcgiBytes.STDIN, id, NOTHING, padding());
		this.answers.put(id, "400 Bad Request");
	}

	private void shortBody() {
		int id = nextId(true);
		byte[] body = body(id, this.random.nextInt(300));
		params(id, "POST", "/echo", Integer.toString(body.length + 1 + this.random.nextInt(100)));
		pieces(id, body);
		this.bytes.record(FcgiBytes.STDIN, id, NOTHING, padding());
		this.answers.put(id, "400 Bad Request");
	}

	private void bodyThatNobodyReads() {
		int id = nextId(true);
		byte[] body = body(id, this.random.nextInt(20_000));
		params(id, "POST", "/word", length(body.length));
		pieces(id, body);
		this.bytes.record(FcgiBytes.STDIN, id, NOTHING, padding());
		this.answers.put(id, "200 OK word");
	}

	private void twoAtOnce() {
		int id = nextId(true);
		byte[] first = body(id, this.random.nextInt(300));
		byte[] second = body(id, 1 + this.random.nextInt(300));
		params(id, "POST", "/echo", Integer.toString(first.length + second.length));
		pieces(id, first);
		int other = nextId(true);
		params(other, "POST", "/echo", "");
		this.bytes.body(other, body(other, this.random.nextInt(300)));
		this.answers.put(other, "none");
		pieces(id, second);
		this.bytes.record(FcgiBytes.STDIN, id, NOTHING, padding());
		this.answers.put(id, "200 OK " + new String(first, StandardCharsets.US_ASCII)
				+ new String(second, StandardCharsets.US_ASCII));
	}

	private int nextId(boolean keep) {
		this.bytes.begin(++this.lastId, keep);
		return this.lastId;
	}

	private void params(int id, String method, String uri, String length) {
		pieces(FcgiBytes.PARAMS, id, FcgiBytes.pairs("REQUEST_METHOD", method, "REQUEST_URI", uri, "CONTENT_LENGTH",
				length, "HTTP_X", "x".repeat(this.random.nextInt(200))));
		this.bytes.record(FcgiBytes.PARAMS, id, NOTHING, padding());
	}

	private void pieces(int id, byte[] body) {
		pieces(FcgiBytes.STDIN, id, body);
	}

	private void pieces(int type, int id, byte[] content) {
		for (int at = 0; at < content.length;) {
			int length = Math.min(1 + this.random.nextInt(1 + content.length), content.length - at);
			byte[] piece = new byte[length];
			System.arraycopy(content, at, piece, 0, length);
			this.bytes.record(type, id, piece, padding());
			if (this.random.nextInt(10) == 0) {
				this.bytes.record(FcgiBytes.STDIN, stranger(), noise(), padding());
			}
			at += length;
		}
	}

	/** The length of a body, or nothing, as where it is not known. */
	private String length(int length) {
		return this.random.nextBoolean() ? Integer.toString(length) : "";
	}

	/** Words that no other request has. */
	private static byte[] body(int id, int length) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		while (body.size() < length) {
			body.writeBytes(FcgiBytes.text(id + ";"));
		}
		return body.toByteArray();
	}

	private byte[] noise() {
		byte[] noise = new byte[this.random.nextInt(300)];
		this.random.nextBytes(noise);
		return noise;
	}

	/** An id that no request has. */
	private int stranger() {
		return 30_000 + this.random.nextInt(30_000);
	}

	private int padding() {
		return (this.random.nextInt(4) == 0) ? this.random.nextInt(256) : 0;
	}

}
