package io.gozd.sample.args;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application. Nothing here knows of commands: arguments and configuration file are
 * all that tells them.
 */
@SpringBootApplication(proxyBeanMethods = false)
final class ArgsAndConfiguration {

	private ArgsAndConfiguration() {
	}

	public static void main(String[] args) {
		SpringApplication.run(ArgsAndConfiguration.class, args);
	}

}
