package io.gozd.autoconfigure;

import java.util.List;
import java.util.Set;

import io.gozd.daemon.Generation;
import io.gozd.directive.ClaimedIds;
import io.gozd.directive.ConfiguredDirectives;
import io.gozd.listener.Directives;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The directives, opened before anybody serves one.
 */
@Configuration(proxyBeanMethods = false)
final class DirectiveConfiguration {

	@Bean(destroyMethod = "closeUnserved")
	@Lazy(false)
	Directives gozdDirectives(ConfigurableEnvironment environment, Generation generation,
			ObjectProvider<ClaimedIds> claimedIds, ObjectProvider<SslBundles> sslBundles) {
		ClaimedIds claimed = claimedIds.getIfAvailable(() -> Set::of);
		SslBundles bundles = sslBundles.getIfAvailable();
		List<String> names = (bundles != null) ? bundles.getBundleNames() : List.of();
		return new ConfiguredDirectives(environment, names, claimed.get()).open(generation.listeners());
	}

}
