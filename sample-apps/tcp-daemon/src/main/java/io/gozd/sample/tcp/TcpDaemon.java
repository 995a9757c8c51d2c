package io.gozd.sample.tcp;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application. No web server: the directives of {@code application.yml} are all that
 * it listens on.
 */
@SpringBootApplication(proxyBeanMethods = false)
final class TcpDaemon {

	private TcpDaemon() {
	}

	public static void main(String[] args) {
		SpringApplication.run(TcpDaemon.class, args);
	}

}
