package io.gozd.boot3;

import io.gozd.boot.OtherServers;
import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Whatever server there is.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.web.context.WebServerInitializedEvent")
class WebServerConfiguration {

	// Not a lambda: the type of the events would be unknown.
	@Bean
	ApplicationListener<WebServerInitializedEvent> gozdOtherServers(Generation generation, Application application) {
		OtherServers others = new OtherServers(generation.listeners(), application);
		return new ApplicationListener<>() {

			@Override
			public void onApplicationEvent(WebServerInitializedEvent event) {
				others.hasStarted(event.getWebServer());
			}

		};
	}

}
