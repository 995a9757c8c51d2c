package io.gozd.boot4;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * What there is on Spring Boot 4: each part looks for its types itself.
 */
@Configuration(proxyBeanMethods = false)
@Import({ WebServerConfiguration.class, TomcatHandoverConfiguration.class, JettyHandoverConfiguration.class,
		ReadinessConfiguration.class })
public class Boot4Configuration {

}
