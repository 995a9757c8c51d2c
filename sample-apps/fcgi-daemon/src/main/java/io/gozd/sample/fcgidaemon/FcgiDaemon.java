package io.gozd.sample.fcgidaemon;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application. Where it listens is said in {@code application.yml}.
 */
@SpringBootApplication(proxyBeanMethods = false)
final class FcgiDaemon {

	private FcgiDaemon() {
	}

	public static void main(String[] args) {
		SpringApplication.run(FcgiDaemon.class, args);
	}

}
