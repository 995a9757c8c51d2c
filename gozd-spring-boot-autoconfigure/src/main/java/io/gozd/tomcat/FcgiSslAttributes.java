package io.gozd.tomcat;

import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

import io.gozd.fcgi.Params;
import org.apache.coyote.Request;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.apache.tomcat.util.net.SSLSupport;

/**
 * What a web server says of the TLS between its client and itself, as attributes of a
 * request.
 */
final class FcgiSslAttributes {

	private static final Log log = LogFactory.getLog(FcgiSslAttributes.class);

	/** Of Servlet 6.1: an older Tomcat has no constant for it. */
	private static final String SECURE_PROTOCOL = "jakarta.servlet.request.secure_protocol";

	private FcgiSslAttributes() {
	}

	static void add(Params params, Request request) {
		boolean refused = false;
		String certificate = "";
		for (int i = 0; i < params.size(); i++) {
			String value = params.value(i);
			if (params.name(i).equals("SSL_CLIENT_VERIFY")) {
				// For Servlet, a certificate that is there has been verified.
				refused |= !value.equals("SUCCESS");
			}
			if (value.isEmpty()) {
				continue;
			}
			switch (params.name(i)) {
				case "SSL_CIPHER" -> request.setAttribute(SSLSupport.CIPHER_SUITE_KEY, value);
				case "SSL_PROTOCOL" -> {
					request.setAttribute(SECURE_PROTOCOL, value);
					// Where Servlet has no name for it.
					request.setAttribute(SSLSupport.PROTOCOL_VERSION_KEY, value);
				}
				case "SSL_SESSION_ID" -> request.setAttribute(SSLSupport.SESSION_ID_KEY, value);
				case "SSL_CLIENT_CERT" -> certificate = value;
				default -> {
					// Of something else.
				}
			}
		}
		if (!certificate.isEmpty() && !refused) {
			addCertificate(certificate, request);
		}
	}

	private static void addCertificate(String value, Request request) {
		try {
			X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(new ByteArrayInputStream(pem(value).getBytes(StandardCharsets.ISO_8859_1)));
			request.setAttribute(SSLSupport.CERTIFICATE_KEY, new X509Certificate[] { certificate });
		}
		catch (CertificateException | IllegalArgumentException ex) {
			log.debug("SSL_CLIENT_CERT is no certificate", ex);
		}
	}

	/** nginx has it as PEM, with blanks or tabs in place of its lines, or escaped. */
	private static String pem(String value) {
		// A plus is one of base 64, and not a blank.
		String text = value.contains("%") ? URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
				: value;
		String begin = "-----BEGIN CERTIFICATE-----";
		String end = "-----END CERTIFICATE-----";
		int from = text.indexOf(begin);
		int to = text.indexOf(end);
		if (from == -1 || to < from) {
			return text;
		}
		return begin + "\n" + text.substring(from + begin.length(), to).strip().replaceAll("\\s+", "\n") + "\n" + end
				+ "\n";
	}

}
