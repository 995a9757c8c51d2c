package io.gozd.sample.fcgi;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application. Its controllers don't know that they are reached by FastCGI:
 * {@code application.yml} says so.
 */
@SpringBootApplication(proxyBeanMethods = false)
final class FcgiStd {

	private FcgiStd() {
	}

	public static void main(String[] args) {
		SpringApplication.run(FcgiStd.class, args);
	}

}
