package io.gozd.boot;

import org.springframework.boot.web.server.WebServer;

/**
 * A server that is called as Reactor Netty's in both lines of Spring Boot.
 *
 * @param getPort where it listens
 */
public record NettyWebServer(int getPort) implements WebServer {

	@Override
	public void start() {
	}

	@Override
	public void stop() {
	}

}
