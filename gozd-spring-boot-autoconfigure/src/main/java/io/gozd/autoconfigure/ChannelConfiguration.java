package io.gozd.autoconfigure;

import io.gozd.channel.ChannelListeners;
import io.gozd.daemon.Generation;
import io.gozd.listener.Directives;
import io.gozd.posix.NativePosix;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Listeners that the application serves itself.
 */
@Configuration(proxyBeanMethods = false)
final class ChannelConfiguration {

	@Bean
	ChannelListeners gozdChannelListeners(Directives directives, Generation generation) {
		return new ChannelListeners(directives, generation.endpoints(), NativePosix::get);
	}

}
