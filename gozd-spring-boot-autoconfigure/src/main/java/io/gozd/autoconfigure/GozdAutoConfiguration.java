package io.gozd.autoconfigure;

import io.gozd.boot3.TomcatHandoverConfiguration;
import io.gozd.boot3.WebServerConfiguration;
import io.gozd.daemon.Generation;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of a daemon that can be replaced while it serves. Does nothing where
 * the starter stands aside.
 */
@AutoConfiguration
@ConditionalOnBean(value = Generation.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(GozdProperties.class)
@Import({ WebServerConfiguration.class, TomcatHandoverConfiguration.class, ServletDrainConfiguration.class,
		WebSocketDrainConfiguration.class })
public final class GozdAutoConfiguration {

	@Bean
	GozdLifecycle gozdLifecycle(Generation generation) {
		return new GozdLifecycle(generation);
	}

}
