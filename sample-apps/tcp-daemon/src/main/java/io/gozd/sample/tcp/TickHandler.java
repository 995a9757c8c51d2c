package io.gozd.sample.tcp;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import io.gozd.tcp.HandlesDirective;
import io.gozd.tcp.TcpConnection;
import io.gozd.tcp.TcpHandler;

import org.springframework.stereotype.Component;

/**
 * Writes a numbered line with its pid every second, until the client goes. After a swap
 * it goes on with the connections that it has, while new ones are the next generation's.
 */
@Component
@HandlesDirective({ "tcp_port", "tcp_sock" })
final class TickHandler implements TcpHandler {

	private static final long SECOND = 1000;

	private final Identity identity;

	TickHandler(Identity identity) {
		this.identity = identity;
	}

	@Override
	public void handle(TcpConnection connection) throws Exception {
		OutputStream output = connection.outputStream();
		for (long number = 0;; number++) {
			String line = number + " " + connection.directive() + " " + this.identity
					+ (connection.isDraining() ? " draining" : "") + "\n";
			output.write(line.getBytes(StandardCharsets.UTF_8));
			Thread.sleep(SECOND);
		}
	}

}
