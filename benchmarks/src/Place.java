package benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Where something listens: on a port of 127.0.0.1 and on a Unix socket.
 *
 * @param port the port
 * @param socket the path of the socket
 */
record Place(int port, Path socket) {

	static Place in(Path directory) throws IOException {
		return new Place(freePort(), directory.resolve("s"));
	}

	static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress("127.0.0.1", 0));
			return socket.getLocalPort();
		}
	}

	boolean isListening() {
		for (SocketAddress address : List.of(new InetSocketAddress("127.0.0.1", this.port),
				UnixDomainSocketAddress.of(this.socket))) {
			try {
				SocketChannel.open(address).close();
			}
			catch (IOException ex) {
				return false;
			}
		}
		return true;
	}

	/**
	 * As nginx writes it.
	 */
	String address(Transport transport) {
		return (transport == Transport.UNIX) ? "unix:" + this.socket : "127.0.0.1:" + this.port;
	}

}
