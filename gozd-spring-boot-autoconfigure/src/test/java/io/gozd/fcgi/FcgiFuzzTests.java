package io.gozd.fcgi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records and blocks of parameters that are nearly right, or not at all: a million of
 * them, or as many as {@code -Dgozd.fuzz.rounds} says in thousands. The seed is said when
 * one fails.
 */
final class FcgiFuzzTests {

	private static final int ROUNDS = Integer.getInteger("gozd.fuzz.rounds", 1000);

	private static final int RECORDS_PER_ROUND = 600;

	private static final int BLOCKS_PER_ROUND = 400;

	private static final long SEED = Long.getLong("gozd.fuzz.seed", 20261122);

	private final byte[] buffer = new byte[70_000];

	@Test
	void noRecordsBreakTheReader() {
		int understood = 0;
		for (int round = 0; round < ROUNDS; round++) {
			understood += records(SEED + round);
		}
		// Else it was no test.
		assertThat(understood).isGreaterThan(ROUNDS);
	}

	/** One connection after the other, until there were enough records. */
	private int records(long seed) {
		Random random = new Random(seed);
		int requests = 0;
		int records = 0;
		try {
			while (records < RECORDS_PER_ROUND) {
				ReaderLog log = new ReaderLog(new Limits(2000, 20, 5000, 10));
				try {
					for (int i = 0; i < 100 && records < RECORDS_PER_ROUND; i++) {
						records++;
						log.receive(record(random), 1 + random.nextInt(3000));
						assertThat(log.reader().params() == null || log.isRunning()).isTrue();
					}
				}
				catch (FcgiException ex) {
					// That is how a connection ends, and another one begins.
				}
				requests += (int) log.events.stream().filter((event) -> event.startsWith("request")).count();
				check(log);
			}
		}
		catch (Exception | AssertionError ex) {
			throw new AssertionError("With the seed " + seed, ex);
		}
		return requests;
	}

	/** Bodies consist of what belongs to the request alone. */
	private static void check(ReaderLog log) {
		String id = "";
		for (String event : log.events) {
			if (event.startsWith("request ")) {
				id = event.split(" ")[1];
			}
			if (event.startsWith("body ")) {
				assertThat(event.substring(5)).matches("[" + id + "]*");
			}
		}
	}

	private byte[] record(Random random) {
		int id = random.nextInt(4);
		int padding = (random.nextInt(4) == 0) ? random.nextInt(256) : 0;
		FcgiBytes bytes = new FcgiBytes();
		switch (random.nextInt(16)) {
			case 0, 1, 2 ->
				bytes.begin(Math.max(id, 1), (random.nextInt(9) == 0) ? random.nextInt(5) : 1, random.nextInt(2));
			case 3, 4 -> bytes.record(FcgiBytes.PARAMS, id, block(random), padding);
			case 5, 6, 7 -> bytes.record(FcgiBytes.PARAMS, id, new byte[0], padding);
			case 8, 9 -> bytes.record(FcgiBytes.STDIN, id, body(random, id), padding);
			case 10, 11 -> bytes.record(FcgiBytes.STDIN, id, new byte[0], padding);
			case 12 -> bytes.record(FcgiBytes.ABORT, id, new byte[random.nextInt(3)], padding);
			case 13 ->
				bytes.record(FcgiBytes.GET_VALUES, 0, (random.nextInt(9) == 0) ? block(random) : new byte[0], padding);
			// It may be one of a body too.
			case 14 -> bytes.record(random.nextInt(256), id, body(random, id), padding);
			default -> {
				if (random.nextInt(8) == 0) {
					byte[] noise = new byte[random.nextInt(40)];
					random.nextBytes(noise);
					if (noise.length > 0) {
						// Else it could be the head of what follows.
						noise[0] &= (byte) 0xfe;
					}
					return noise;
				}
				bytes.begin(1, true).params(1, "A", "b").body(1, body(random, 1));
			}
		}
		return bytes.toByteArray();
	}

	private static byte[] body(Random random, int id) {
		byte[] body = new byte[random.nextInt(50)];
		Arrays.fill(body, (byte) ('0' + id));
		return body;
	}

	@Test
	void noParametersBreakTheDecoder() {
		int understood = 0;
		for (int round = 0; round < ROUNDS; round++) {
			Random random = new Random(SEED + round);
			for (int i = 0; i < BLOCKS_PER_ROUND; i++) {
				understood += decode(block(random), SEED + round) ? 1 : 0;
			}
		}
		assertThat(understood).isGreaterThan(ROUNDS);
	}

	private boolean decode(byte[] block, long seed) {
		try {
			Params params = Params.decode(block, 50);
			assertThat(params.size()).isLessThanOrEqualTo(50);
			long length = 0;
			for (int i = 0; i < params.size(); i++) {
				length += params.name(i).length() + params.value(i).length() + 2L;
			}
			assertThat(length).isLessThanOrEqualTo(block.length);
			assertThat(new ServerParams(params).size()).isLessThanOrEqualTo(params.size());
			return true;
		}
		catch (FcgiException ex) {
			return false;
		}
		catch (RuntimeException | AssertionError ex) {
			throw new AssertionError("With the seed " + seed + ": " + Arrays.toString(block), ex);
		}
	}

	/** Mostly pairs, one byte of them changed now and then. */
	private byte[] block(Random random) {
		ByteBuffer block = ByteBuffer.wrap(this.buffer);
		int pairs = random.nextInt(6);
		for (int i = 0; i < pairs; i++) {
			int name = length(random, block);
			int value = length(random, block);
			for (int j = 0; j < name + value; j++) {
				block.put((byte) random.nextInt(256));
			}
		}
		if (block.position() > 0 && random.nextInt(3) == 0) {
			block.put(random.nextInt(block.position()), (byte) random.nextInt(256));
		}
		int cut = (random.nextInt(8) == 0) ? random.nextInt(block.position() + 1) : block.position();
		return Arrays.copyOf(this.buffer, cut);
	}

	private static int length(Random random, ByteBuffer block) {
		int length = (random.nextInt(20) == 0) ? random.nextInt(400) : random.nextInt(12);
		if (length > 127 || random.nextInt(10) == 0) {
			block.putInt(length | 0x80000000);
		}
		else {
			block.put((byte) length);
		}
		return length;
	}

}
