package io.gozd.sample.fcgi;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Says who answers, and how the request came.
 */
@RestController
final class IdentityController {

	private final Identity identity;

	IdentityController(Identity identity) {
		this.identity = identity;
	}

	@RequestMapping(path = "/", method = { RequestMethod.GET, RequestMethod.POST },
			produces = MediaType.TEXT_PLAIN_VALUE)
	String identity(HttpServletRequest request) {
		return this.identity + " scheme=" + request.getScheme() + " remote=" + request.getRemoteAddr();
	}

	@GetMapping(path = "/slow", produces = MediaType.TEXT_PLAIN_VALUE)
	String slow(@RequestParam(defaultValue = "1000") long ms) throws InterruptedException {
		Thread.sleep(ms);
		return this.identity.toString();
	}

}
