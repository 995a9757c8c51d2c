package io.gozd.tcp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Executor;

import io.gozd.listener.Directive;
import io.gozd.listener.GatedAcceptor;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerTable;
import io.gozd.listener.Protocol;
import io.gozd.posix.NativePosix;

/**
 * A directive that is served in the process of the test.
 *
 * @param listener its listener
 * @param server its server
 */
record ServedDirective(Listener listener, TcpServer server) implements Closeable {

	static final int MANY = 1000;

	static ServedDirective tcp(TcpHandler handler) throws IOException {
		return tcp(MANY, handler);
	}

	static ServedDirective tcp(int maxConnections, TcpHandler handler) throws IOException {
		return tcp(maxConnections, handler, Workers.asMany("test-", false, Workers.IDLE));
	}

	static ServedDirective tcp(int maxConnections, TcpHandler handler, Executor workers) throws IOException {
		return serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), maxConnections, handler, workers);
	}

	static ServedDirective unix(Path path, TcpHandler handler) throws IOException {
		return serve(UnixDomainSocketAddress.of(path), MANY, handler, Workers.asMany("test-", false, Workers.IDLE));
	}

	private static ServedDirective serve(SocketAddress address, int maxConnections, TcpHandler handler,
			Executor workers) throws IOException {
		Directive directive = new Directive("test", address, Protocol.TCP, PosixFilePermissions.fromString("rw-rw-rw-"),
				MANY, maxConnections, null, null);
		Listener listener = new ListenerTable(NativePosix::get, List::of).claim(directive);
		TcpServer server = new TcpServer(directive, new GatedAcceptor(listener), handler, workers,
				Workers.atMost("test-drain-", false, 8), NativePosix::get);
		server.start();
		server.accept();
		return new ServedDirective(listener, server);
	}

	/** When this returns the connection is in the queue of the kernel. */
	SocketChannel connect() throws IOException {
		return SocketChannel.open(this.listener.address());
	}

	@Override
	public void close() {
		this.server.stop();
	}

}
