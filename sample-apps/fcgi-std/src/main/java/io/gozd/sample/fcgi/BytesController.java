package io.gozd.sample.fcgi;

import java.io.IOException;
import java.io.InputStream;

import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Sends as many bytes as it is asked for, and counts those that it gets.
 */
@RestController
final class BytesController {

	private static final int MOST = 16 * 1024 * 1024;

	private static final byte[] BLOCK = "x".repeat(64 * 1024).getBytes();

	@GetMapping("/bytes")
	void send(@RequestParam int count, HttpServletResponse response) throws IOException {
		if (count < 0 || count > MOST) {
			response.sendError(HttpServletResponse.SC_BAD_REQUEST);
			return;
		}
		response.setContentType(MediaType.TEXT_PLAIN_VALUE);
		response.setContentLength(count);
		for (int left = count; left > 0; left -= BLOCK.length) {
			response.getOutputStream().write(BLOCK, 0, Math.min(left, BLOCK.length));
		}
	}

	@PostMapping(path = "/bytes", produces = MediaType.TEXT_PLAIN_VALUE)
	String count(InputStream body) throws IOException {
		byte[] block = new byte[BLOCK.length];
		long count = 0;
		for (int read = body.read(block); read >= 0; read = body.read(block)) {
			count += read;
		}
		return Long.toString(count);
	}

}
