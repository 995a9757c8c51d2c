package io.gozd.resident;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The signals that wait for this process: signalfd(2) gives each as a structure of which
 * the first 32 bits are its number.
 */
final class WaitingSignals {

	private static final int SIZE = 128;

	private final DataInputStream input;

	WaitingSignals(InputStream input) {
		this.input = new DataInputStream(input);
	}

	/** Wait for the next one, and return its number. */
	int take() throws IOException {
		byte[] info = new byte[SIZE];
		this.input.readFully(info);
		return ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()).getInt();
	}

}
