package io.gozd.sample.args;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import io.gozd.tcp.HandlesDirective;
import io.gozd.tcp.TcpConnection;
import io.gozd.tcp.TcpHandler;

import org.springframework.stereotype.Component;

/**
 * Answers each line with its pid and that line.
 */
@Component
@HandlesDirective("lines")
final class LineHandler implements TcpHandler {

	private final Identity identity;

	LineHandler(Identity identity) {
		this.identity = identity;
	}

	@Override
	public void handle(TcpConnection connection) throws Exception {
		BufferedReader input = new BufferedReader(
				new InputStreamReader(connection.inputStream(), StandardCharsets.UTF_8));
		OutputStream output = connection.outputStream();
		for (String line; (line = input.readLine()) != null;) {
			output.write((this.identity + " " + line + "\n").getBytes(StandardCharsets.UTF_8));
		}
	}

}
