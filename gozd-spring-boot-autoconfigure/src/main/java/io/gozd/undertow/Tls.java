package io.gozd.undertow;

import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.SslClientAuthMode;

/**
 * The TLS of a directive.
 *
 * @param context the keys, and whom to trust
 * @param clientAuth {@code none}, {@code want} or {@code need}, or null for none
 * @param protocols the versions that are enabled, or null for those of the JDK
 * @param ciphers the ciphers that are enabled, or null for those of the JDK
 */
public record Tls(SSLContext context, @Nullable String clientAuth, @Nullable List<String> protocols,
		@Nullable List<String> ciphers) {

	/** All that the first listener may have otherwise. */
	OptionMap options() {
		SSLParameters defaults = this.context.getDefaultSSLParameters();
		return OptionMap.builder()
			.set(Options.SSL_CLIENT_AUTH_MODE, clientAuthMode())
			.set(Options.SSL_ENABLED_PROTOCOLS,
					(this.protocols != null) ? Sequence.of(this.protocols) : Sequence.of(defaults.getProtocols()))
			.set(Options.SSL_ENABLED_CIPHER_SUITES,
					(this.ciphers != null) ? Sequence.of(this.ciphers) : Sequence.of(defaults.getCipherSuites()))
			.getMap();
	}

	private SslClientAuthMode clientAuthMode() {
		if ("need".equals(this.clientAuth)) {
			return SslClientAuthMode.REQUIRED;
		}
		return "want".equals(this.clientAuth) ? SslClientAuthMode.REQUESTED : SslClientAuthMode.NOT_REQUESTED;
	}

}
