package io.gozd.sample.https;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application. What it listens on is said in {@code application.yml}.
 */
@SpringBootApplication(proxyBeanMethods = false)
final class HttpsDaemon {

	private HttpsDaemon() {
	}

	public static void main(String[] args) {
		SpringApplication.run(HttpsDaemon.class, args);
	}

}
