package io.gozd.sample.args;

import java.nio.charset.StandardCharsets;

import io.gozd.tcp.HandlesDirective;
import io.gozd.tcp.TcpConnection;
import io.gozd.tcp.TcpHandler;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Says what the configuration file tells it to say, and who says it.
 */
@Component
@HandlesDirective("greeting")
final class GreetingHandler implements TcpHandler {

	private final String line;

	GreetingHandler(@Value("${sample.greeting}") String greeting, Identity identity) {
		this.line = greeting + " " + identity + "\n";
	}

	@Override
	public void handle(TcpConnection connection) throws Exception {
		connection.outputStream().write(this.line.getBytes(StandardCharsets.UTF_8));
	}

}
