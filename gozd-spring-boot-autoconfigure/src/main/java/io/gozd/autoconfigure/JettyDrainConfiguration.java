package io.gozd.autoconfigure;

import io.gozd.daemon.Generation;
import io.gozd.jetty.JettyConnectors;
import io.gozd.jetty.JettyWebSockets;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * WebSockets of Jetty end with 1001.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@ConditionalOnClass(name = "org.eclipse.jetty.websocket.core.WebSocketConnection")
@ConditionalOnBean(JettyConnectors.class)
final class JettyDrainConfiguration {

	@Bean
	@Lazy(false)
	JettyWebSockets gozdJettyWebSockets(GozdProperties properties, Generation generation, JettyConnectors connectors) {
		JettyWebSockets webSockets = new JettyWebSockets(connectors, properties.drain().websocketTimeout());
		generation.endpoints().add(webSockets);
		return webSockets;
	}

}
