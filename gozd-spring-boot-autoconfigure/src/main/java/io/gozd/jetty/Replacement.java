package io.gozd.jetty;

import java.util.EventListener;
import java.util.LinkedHashSet;

import io.gozd.drain.ListenerSource;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * A connector in the place of another that was not started yet, with all that was set on
 * that one.
 */
final class Replacement {

	private Replacement() {
	}

	static HandoverConnector of(ServerConnector old, ListenerSource source, boolean tcp) {
		Server server = old.getServer();
		// Who accepts in selector threads has no acceptor: here there is one always.
		HandoverConnector connector = new HandoverConnector(server, own(old.getExecutor(), server.getThreadPool()),
				own(old.getScheduler(), server.getScheduler()),
				own(old.getByteBufferPool(), server.getByteBufferPool()), Math.max(old.getAcceptors(), 1),
				old.getSelectorManager().getSelectorCount(), source, tcp);
		// Each once: one that speaks several protocols is there several times.
		for (ConnectionFactory factory : new LinkedHashSet<>(old.getConnectionFactories())) {
			connector.addConnectionFactory(factory);
		}
		if (!old.getDefaultProtocol().equalsIgnoreCase(connector.getDefaultProtocol())) {
			connector.setDefaultProtocol(old.getDefaultProtocol());
		}
		copySettings(old, connector);
		copyBeans(old, connector);
		return connector;
	}

	/** What is the server's is not the connector's. */
	private static <T> @Nullable T own(T value, Object ofServer) {
		return (value != ofServer) ? value : null;
	}

	private static void copySettings(ServerConnector old, HandoverConnector connector) {
		connector.setName(old.getName());
		connector.setHost(old.getHost());
		connector.setPort(old.getPort());
		connector.setIdleTimeout(old.getIdleTimeout());
		connector.setShutdownIdleTimeout(old.getShutdownIdleTimeout());
		connector.setAcceptQueueSize(old.getAcceptQueueSize());
		connector.setAcceptorPriorityDelta(old.getAcceptorPriorityDelta());
		connector.setReuseAddress(old.getReuseAddress());
		connector.setReusePort(old.isReusePort());
		connector.setAcceptedTcpNoDelay(old.getAcceptedTcpNoDelay());
		connector.setAcceptedReceiveBufferSize(old.getAcceptedReceiveBufferSize());
		connector.setAcceptedSendBufferSize(old.getAcceptedSendBufferSize());
		connector.getSelectorManager().setConnectTimeout(old.getSelectorManager().getConnectTimeout());
		connector.setAccepting(old.isAccepting());
	}

	private static void copyBeans(ServerConnector old, HandoverConnector connector) {
		for (Object bean : old.getBeans()) {
			if (bean != old.getSelectorManager() && !connector.contains(bean)) {
				connector.addBean(bean, old.isManaged(bean));
			}
		}
		for (EventListener listener : old.getEventListeners()) {
			if (!connector.getEventListeners().contains(listener)) {
				connector.addEventListener(listener);
			}
		}
		old.getSelectorManager().getEventListeners().forEach(connector.getSelectorManager()::addEventListener);
	}

}
