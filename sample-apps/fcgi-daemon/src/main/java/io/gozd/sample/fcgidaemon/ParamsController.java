package io.gozd.sample.fcgidaemon;

import java.util.Map;
import java.util.TreeMap;

import io.gozd.fcgi.ServerParams;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows the parameters that the web server has sent with the request: those of CGI, the
 * headers, and what its administrator has added.
 */
@RestController
final class ParamsController {

	@RequestMapping(path = "/params", produces = MediaType.TEXT_PLAIN_VALUE)
	String params(
			@RequestAttribute(name = ServerParams.ATTRIBUTE, required = false) @Nullable Map<String, String> params) {
		if (params == null) {
			return "This request has come by HTTP.\n";
		}
		StringBuilder lines = new StringBuilder();
		new TreeMap<>(params).forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
		return lines.toString();
	}

}
