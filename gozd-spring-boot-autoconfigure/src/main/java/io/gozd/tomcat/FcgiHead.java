package io.gozd.tomcat;

import java.nio.ByteBuffer;

import io.gozd.fcgi.ResponseHead;
import org.apache.coyote.Response;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.apache.tomcat.util.http.MimeHeaders;

/**
 * Makes the head of a response for a web server out of Tomcat's response.
 */
final class FcgiHead {

	/** The buffer of nginx, by default and on most machines. */
	static final int LARGE = 4096;

	private static final Log log = LogFactory.getLog(FcgiHead.class);

	private FcgiHead() {
	}

	/** Whether no body follows a head with such a status. */
	static boolean isAlone(int status) {
		return status < 200 || status == 204 || status == 205 || status == 304;
	}

	/** All of the head; the response has the length of the body, or -1. */
	static ByteBuffer of(Response response) {
		int status = response.getStatus();
		ResponseHead head = new ResponseHead();
		MimeHeaders headers = response.getMimeHeaders();
		headers.removeHeader("Content-Length");
		if (!isAlone(status) || status == 204) {
			describe(response, head);
		}
		if (response.getContentLengthLong() >= 0) {
			head.add("Content-Length", Long.toString(response.getContentLengthLong()));
		}
		for (int i = 0; i < headers.size(); i++) {
			String name = String.valueOf(headers.getName(i));
			if (!head.add(name, String.valueOf(headers.getValue(i)))) {
				log.debug("The header " + name + " is not sent by FastCGI");
			}
		}
		return head.end(status);
	}

	private static void describe(Response response, ResponseHead head) {
		MimeHeaders headers = response.getMimeHeaders();
		String type = response.getContentType();
		if (type != null) {
			headers.removeHeader("Content-Type");
			head.add("Content-Type", type);
		}
		String language = response.getContentLanguage();
		if (language != null) {
			headers.removeHeader("Content-Language");
			head.add("Content-Language", language);
		}
	}

}
