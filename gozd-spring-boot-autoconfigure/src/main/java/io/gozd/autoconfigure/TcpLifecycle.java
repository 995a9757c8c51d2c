package io.gozd.autoconfigure;

import java.io.IOException;
import java.util.Map;

import io.gozd.daemon.DaemonException;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.Protocol;
import io.gozd.tcp.TcpHandler;
import io.gozd.tcp.TcpServers;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the servers of raw TCP with the web server. When they stop the drain
 * is over, unless nobody waits for it.
 */
final class TcpLifecycle implements SmartLifecycle, DisposableBean {

	private static final Log logger = LogFactory.getLog(TcpLifecycle.class);

	/** Spring Boot starts and stops its web servers here. */
	private static final int PHASE = DEFAULT_PHASE - 2048;

	private final ListableBeanFactory beanFactory;

	private final Directives directives;

	private final TcpServers servers;

	private volatile boolean running;

	TcpLifecycle(ListableBeanFactory beanFactory, Directives directives, TcpServers servers) {
		this.beanFactory = beanFactory;
		this.directives = directives;
		this.servers = servers;
	}

	@Override
	public void start() {
		// Before anything can fail: what has started is stopped then.
		this.running = true;
		Map<String, String> handlers = HandlerIds.of(this.beanFactory);
		handlers.forEach((id, handler) -> {
			Directive directive = this.directives.get(id);
			if (directive != null && directive.protocol() == Protocol.TCP) {
				start(directive, handler);
			}
			else {
				logger.info("The handler '" + handler + "' does not serve '" + id + "': "
						+ ((directive != null) ? "the protocol of gozd.directives." + id + " is not tcp"
								: "there is no gozd.directives." + id));
			}
		});
	}

	private void start(Directive directive, String handler) {
		TcpHandler bean = this.beanFactory.getBean(handler, TcpHandler.class);
		try {
			this.servers.start(directive, this.directives.take(directive.id()), bean);
		}
		catch (IOException ex) {
			throw new DaemonException("gozd.directives." + directive.id() + " can't be served: " + ex.getMessage(),
					"Free its address, or raise the limit of open files");
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.servers.stop();
	}

	@Override
	public void destroy() {
		// Where the context has failed after this had started.
		stop();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
