package io.gozd.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

import io.gozd.posix.PeerCredentials;
import io.gozd.posix.UnixConnection;

/**
 * The daemon's end of a connection, in blocking mode.
 */
record AcceptedConnection(SocketChannel channel) implements UnixConnection {

	@Override
	public PeerCredentials peer() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void send(ByteBuffer bytes, List<Integer> descriptors) throws IOException {
		while (bytes.hasRemaining()) {
			this.channel.write(bytes);
		}
	}

	@Override
	public int receive(ByteBuffer into, List<Integer> descriptors) throws IOException {
		return this.channel.read(into);
	}

	@Override
	public void readTimeout(int milliseconds) {
		// Whoever asks is there.
	}

	@Override
	public void close() {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			// It is gone already.
		}
	}

}
