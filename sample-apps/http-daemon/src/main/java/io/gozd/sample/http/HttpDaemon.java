package io.gozd.sample.http;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application. Nothing here knows that the process can be replaced: the starter on
 * the class path is all it takes.
 */
@SpringBootApplication(proxyBeanMethods = false)
final class HttpDaemon {

	private HttpDaemon() {
	}

	public static void main(String[] args) {
		SpringApplication.run(HttpDaemon.class, args);
	}

}
