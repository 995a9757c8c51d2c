package io.gozd.boot3;

import io.gozd.daemon.Application;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Whatever server there is.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.web.context.WebServerInitializedEvent")
public class WebServerConfiguration {

	@Bean
	OtherServers gozdOtherServers(Application application) {
		return new OtherServers(application);
	}

}
