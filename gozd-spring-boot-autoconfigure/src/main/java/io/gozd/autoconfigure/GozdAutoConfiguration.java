package io.gozd.autoconfigure;

import java.time.Duration;

import io.gozd.boot.FactoryDirectivesConfiguration;
import io.gozd.boot3.Boot3Configuration;
import io.gozd.boot4.Boot4Configuration;
import io.gozd.daemon.Generation;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.DefaultLifecycleProcessor;

/**
 * Auto-configuration of a daemon that can be replaced while it serves. Does nothing where
 * the starter stands aside.
 */
@AutoConfiguration
@ConditionalOnBean(value = Generation.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(GozdProperties.class)
@Import({ DirectiveConfiguration.class, FactoryDirectivesConfiguration.class, Boot3Configuration.class,
		Boot4Configuration.class, TcpConfiguration.class, ChannelConfiguration.class, ServletDrainConfiguration.class,
		ReactiveDrainConfiguration.class, WebSocketDrainConfiguration.class, JettyDrainConfiguration.class,
		UndertowWebSocketConfiguration.class })
public final class GozdAutoConfiguration {

	/** What a drain cuts at its deadline gets a little more. */
	private static final Duration MARGIN = Duration.ofSeconds(5);

	@Bean
	GozdLifecycle gozdLifecycle(Generation generation, GozdProperties properties,
			ObjectProvider<DefaultLifecycleProcessor> processor) {
		// The context waits for a phase as long as a drain may take.
		processor.ifAvailable((lifecycles) -> lifecycles.setTimeoutForShutdownPhase(GozdLifecycle.PHASE,
				properties.exitTimeout().plus(MARGIN).toMillis()));
		return new GozdLifecycle(generation);
	}

}
