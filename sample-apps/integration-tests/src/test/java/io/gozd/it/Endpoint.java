package io.gozd.it;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * Where a daemon is reached.
 *
 * @param host its address
 * @param port its port
 * @param tls how to trust it, where it speaks TLS
 * @param path its Unix socket, if it is one
 */
record Endpoint(String host, int port, @Nullable SSLSocketFactory tls, @Nullable Path path) {

	private static final String LOOPBACK = "127.0.0.1";

	static Endpoint plain(int port) {
		return new Endpoint(LOOPBACK, port, null, null);
	}

	static Endpoint secured(int port, SSLSocketFactory tls) {
		return new Endpoint(LOOPBACK, port, tls, null);
	}

	static Endpoint unix(Path path) {
		return new Endpoint(LOOPBACK, -1, null, path);
	}

	/**
	 * The same port of another address of this machine.
	 */
	Endpoint at(String host) {
		return new Endpoint(host, this.port, this.tls, this.path);
	}

	Socket connect(Duration timeout) throws IOException {
		return connect(timeout, "http/1.1");
	}

	Socket connectForHttp2(Duration timeout) throws IOException {
		return connect(timeout, "h2");
	}

	private Socket connect(Duration timeout, String protocol) throws IOException {
		Socket socket = (this.path != null) ? UnixSocket.connect(this.path, timeout) : connectTcp(timeout);
		try {
			if (this.tls == null) {
				return socket;
			}
			SSLSocket secured = (SSLSocket) this.tls.createSocket(socket, "localhost", this.port, true);
			SSLParameters parameters = secured.getSSLParameters();
			parameters.setApplicationProtocols(new String[] { protocol });
			secured.setSSLParameters(parameters);
			secured.startHandshake();
			return secured;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	/**
	 * The same, as one that speaks TLS.
	 */
	Endpoint secured(SSLSocketFactory tls) {
		return new Endpoint(this.host, this.port, tls, this.path);
	}

	private Socket connectTcp(Duration timeout) throws IOException {
		Socket socket = new Socket();
		try {
			socket.setTcpNoDelay(true);
			socket.connect(new InetSocketAddress(this.host, this.port), Math.toIntExact(timeout.toMillis()));
			socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	String uri(String scheme, String path) {
		return scheme + ((this.tls != null) ? "s" : "") + "://" + this.host + ":" + this.port + path;
	}

}
