package io.gozd.boot3;

import java.util.function.Consumer;

import io.gozd.undertow.UndertowListeners;

import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.embedded.undertow.UndertowWebServer;
import org.springframework.context.ApplicationListener;

/**
 * Tells the listeners of each Undertow that it has started, which nobody else knows: that
 * of a management port too, whose events come here as well.
 *
 * @param listeners the listeners
 * @param obstacles told why a reload is impossible
 */
record UndertowStarts(UndertowListeners listeners,
		Consumer<String> obstacles) implements ApplicationListener<WebServerInitializedEvent> {

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		if (event.getWebServer() instanceof UndertowWebServer server) {
			this.listeners.started(server.getUndertow()).forEach(this.obstacles);
		}
	}

}
