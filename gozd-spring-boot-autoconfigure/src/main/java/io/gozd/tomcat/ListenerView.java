package io.gozd.tomcat;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.Set;

import io.gozd.listener.Listener;

/**
 * A listener as Tomcat asks for it: with the address where it really listens, which an
 * adopted channel does not know.
 *
 * @param listener the listener
 */
record ListenerView(Listener listener) implements NetworkChannel {

	@Override
	public SocketAddress getLocalAddress() {
		return this.listener.address();
	}

	@Override
	public NetworkChannel bind(SocketAddress local) throws IOException {
		return this.listener.channel().bind(local);
	}

	@Override
	public <T> NetworkChannel setOption(SocketOption<T> name, T value) throws IOException {
		return this.listener.channel().setOption(name, value);
	}

	@Override
	public <T> T getOption(SocketOption<T> name) throws IOException {
		return this.listener.channel().getOption(name);
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return this.listener.channel().supportedOptions();
	}

	@Override
	public boolean isOpen() {
		return this.listener.channel().isOpen();
	}

	@Override
	public void close() throws IOException {
		this.listener.channel().close();
	}

}
