package io.gozd.boot3;

import io.gozd.daemon.Application;

import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Notices servers that can't hand their listeners over.
 */
final class OtherServers implements ApplicationListener<WebServerInitializedEvent> {

	private final Application application;

	OtherServers(Application application) {
		this.application = application;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		String server = event.getWebServer().getClass().getSimpleName();
		// By name: where there is no Tomcat, its class is not there either.
		if (!server.equals("TomcatWebServer")) {
			this.application.addObstacle("The embedded server (" + server
					+ ") can't hand its listener over: use spring-boot-starter-tomcat");
		}
	}

}
