package io.gozd.undertow;

import java.net.InetSocketAddress;
import java.util.List;

import io.gozd.listener.InheritedListener;
import io.gozd.posix.NativePosix;
import io.gozd.server.EmbeddedServer;
import io.gozd.server.Script;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import org.jspecify.annotations.Nullable;

/**
 * An Undertow in this process, as the starter sets it up.
 */
final class EmbeddedUndertow extends EmbeddedServer<EmbeddedUndertow> {

	private final Undertow.Builder builder = Undertow.builder().setIoThreads(2).setWorkerThreads(4);

	private final UndertowListeners undertows;

	private @Nullable Tls tls;

	private int port;

	private @Nullable Undertow undertow;

	EmbeddedUndertow(HttpHandler handler, List<InheritedListener> inheritance) {
		super(inheritance);
		this.undertows = new UndertowListeners(listeners(), endpoints(), NativePosix::get);
		this.builder.setHandler(handler)
			.setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 0)
			.setServerOption(UndertowOptions.ENABLE_HTTP2, true);
	}

	/** One that does what a script says. */
	static EmbeddedUndertow of(Script script, List<InheritedListener> inheritance) {
		return new EmbeddedUndertow(new Paths(script), inheritance);
	}

	@Override
	protected EmbeddedUndertow self() {
		return this;
	}

	@Override
	public EmbeddedUndertow port(int port) {
		this.port = port;
		return this;
	}

	Undertow.Builder builder() {
		return this.builder;
	}

	/** What directives of HTTPS have. */
	EmbeddedUndertow tls(Tls tls) {
		this.tls = tls;
		return this;
	}

	@Override
	public List<String> take() {
		this.builder.addHttpListener(this.port, "127.0.0.1");
		String obstacle = this.undertows.take("server",
				new WebDirectives(opened(), null, directives(), (directive) -> this.tls), this.builder);
		return (obstacle != null) ? List.of(obstacle) : List.of();
	}

	@Override
	public EmbeddedUndertow start() {
		if (this.undertow == null) {
			this.undertow = this.builder.build();
		}
		this.undertow.start();
		this.undertows.started(this.undertow);
		return this;
	}

	void stop() {
		this.undertow.stop();
	}

	Undertow undertow() {
		return this.undertow;
	}

	UndertowListeners undertows() {
		return this.undertows;
	}

	@Override
	public int port() {
		return portOf(0);
	}

	/** Where the listener of this index listens. */
	int portOf(int index) {
		return ((InetSocketAddress) this.undertow.getListenerInfo().get(index).getAddress()).getPort();
	}

	@Override
	public boolean isAcceptor(String thread) {
		return thread.startsWith("undertow-acceptor-");
	}

	@Override
	public void close() {
		if (this.undertow != null) {
			this.undertow.stop();
		}
	}

}
