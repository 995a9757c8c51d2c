package io.gozd.boot3;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * What there is on Spring Boot 3.5: each part looks for its types itself.
 */
@Configuration(proxyBeanMethods = false)
@Import({ WebServerConfiguration.class, TomcatHandoverConfiguration.class, JettyHandoverConfiguration.class,
		UndertowHandoverConfiguration.class, ReadinessConfiguration.class })
public class Boot3Configuration {

}
