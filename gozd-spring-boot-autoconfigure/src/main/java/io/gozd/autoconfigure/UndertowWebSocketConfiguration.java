package io.gozd.autoconfigure;

import io.gozd.daemon.Generation;
import io.gozd.undertow.UndertowListeners;
import io.gozd.undertow.UndertowWebSockets;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * WebSockets of Undertow end with 1001.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@ConditionalOnClass(name = "io.undertow.websockets.core.WebSocketChannel")
@ConditionalOnBean(UndertowListeners.class)
final class UndertowWebSocketConfiguration {

	@Bean
	@Lazy(false)
	UndertowWebSockets gozdUndertowWebSockets(GozdProperties properties, Generation generation,
			UndertowListeners listeners) {
		UndertowWebSockets webSockets = new UndertowWebSockets(listeners, properties.drain().websocketTimeout());
		generation.endpoints().add(webSockets);
		return webSockets;
	}

}
