package io.gozd.autoconfigure;

import io.gozd.daemon.Generation;
import io.gozd.directive.ClaimedIds;
import io.gozd.listener.Directives;
import io.gozd.posix.NativePosix;
import io.gozd.tcp.TcpServers;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Directives of raw TCP, each served by the handler that claims it.
 */
@Configuration(proxyBeanMethods = false)
final class TcpConfiguration {

	@Bean
	static ClaimedIds gozdClaimedIds(ListableBeanFactory beanFactory) {
		return () -> HandlerIds.of(beanFactory).keySet();
	}

	@Bean
	TcpLifecycle gozdTcpLifecycle(ListableBeanFactory beanFactory, Directives directives, Generation generation,
			Environment environment) {
		boolean virtualThreads = environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false);
		return new TcpLifecycle(beanFactory, directives,
				new TcpServers(generation.endpoints(), NativePosix::get, virtualThreads));
	}

	@Bean
	ServedDirectivesCheck gozdServedDirectivesCheck(Directives directives, Generation generation) {
		return new ServedDirectivesCheck(directives, generation::failing);
	}

}
