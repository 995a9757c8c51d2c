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
		Class<?> type = event.getWebServer().getClass();
		if (!isTomcat(type)) {
			this.application.addObstacle("The embedded server (" + type.getSimpleName()
					+ ") can't hand its listener over: use spring-boot-starter-tomcat");
		}
	}

	// By name: where there is no Tomcat, its class is not there either.
	private static boolean isTomcat(Class<?> type) {
		Class<?> parent = type.getSuperclass();
		return type.getSimpleName().equals("TomcatWebServer") || (parent != null && isTomcat(parent));
	}

}
