package io.gozd.sample.mixed;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application. What it listens on is said in {@code application.yml}.
 */
@SpringBootApplication(proxyBeanMethods = false)
final class MixedDaemon {

	private MixedDaemon() {
	}

	public static void main(String[] args) {
		SpringApplication.run(MixedDaemon.class, args);
	}

}
