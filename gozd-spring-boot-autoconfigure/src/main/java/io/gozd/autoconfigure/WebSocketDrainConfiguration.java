package io.gozd.autoconfigure;

import io.gozd.daemon.Generation;
import io.gozd.tomcat.TomcatWebSockets;
import jakarta.servlet.ServletContext;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * WebSockets of Tomcat end with 1001.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(name = "org.apache.tomcat.websocket.WsWebSocketContainer")
final class WebSocketDrainConfiguration {

	@Bean
	@Lazy(false)
	TomcatWebSockets gozdWebSockets(GozdProperties properties, Generation generation, ServletContext servletContext) {
		TomcatWebSockets webSockets = new TomcatWebSockets(servletContext, properties.drain().websocketTimeout());
		generation.endpoints().add(webSockets);
		return webSockets;
	}

}
