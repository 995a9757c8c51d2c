package io.gozd.boot;

import org.springframework.util.ClassUtils;

/**
 * What the starters are called in the line of Spring Boot that is here.
 */
public final class Starters {

	/** Spring Boot 4 has no Undertow, and other names. */
	private static final boolean THREE = ClassUtils.isPresent(
			"org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory",
			Starters.class.getClassLoader());

	private Starters() {
	}

	/**
	 * Those of servers whose listeners can be handed over.
	 * @return their names, as they stand in a sentence
	 */
	public static String servers() {
		return "spring-boot-starter-tomcat" + (THREE ? ", spring-boot-starter-undertow" : "")
				+ " or spring-boot-starter-jetty";
	}

	/**
	 * The one that brings a web server.
	 * @return its name
	 */
	public static String web() {
		return THREE ? "spring-boot-starter-web" : "spring-boot-starter-webmvc";
	}

}
