package io.gozd.autoconfigure;

import io.gozd.daemon.Generation;
import io.gozd.tomcat.TomcatConnectors;
import io.gozd.tomcat.TomcatWebSockets;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * WebSockets of Tomcat end with 1001.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@ConditionalOnClass(name = "org.apache.tomcat.websocket.WsWebSocketContainer")
@ConditionalOnBean(TomcatConnectors.class)
final class WebSocketDrainConfiguration {

	@Bean
	@Lazy(false)
	TomcatWebSockets gozdWebSockets(GozdProperties properties, Generation generation, TomcatConnectors connectors) {
		TomcatWebSockets webSockets = new TomcatWebSockets(connectors, properties.drain().websocketTimeout());
		generation.endpoints().add(webSockets);
		return webSockets;
	}

}
