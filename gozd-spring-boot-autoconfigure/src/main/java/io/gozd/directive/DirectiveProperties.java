package io.gozd.directive;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What editors are told of the directives. Never bound: a binder stops at the first value
 * that it can't convert, and {@link ConfiguredDirectives} reports all.
 *
 * @param directives Ports and sockets to listen on, by an id of letters, digits, dots,
 * dashes and underscores. Defaults to what server.port and management.server.port say.
 */
@ConfigurationProperties("gozd")
record DirectiveProperties(Map<String, Directive> directives) {

	/**
	 * A port or a socket to listen on.
	 *
	 * @param network Network: tcp or unix. Defaults to what the address looks like.
	 * @param address Address: host:port, :port, [IPv6 address]:port, the absolute path of
	 * a Unix socket, or @name in Linux's abstract namespace.
	 * @param chmod Who may connect to a Unix socket, as 0660 or rw-rw----. Defaults to
	 * 0666.
	 * @param backlog Number of connections that may wait to be accepted. Defaults to
	 * server.tomcat.accept-count.
	 * @param maxConnections Number of connections of raw TCP that may be open at once.
	 * Defaults to 200.
	 * @param protocol Protocol: tcp, http, https or fcgi. Defaults to tcp where a handler
	 * claims the id, else to http.
	 * @param ssl TLS of https.
	 */
	record Directive(@Nullable String network, String address, @Nullable String chmod, @Nullable Integer backlog,
			@Nullable Integer maxConnections, @Nullable String protocol, @Nullable Ssl ssl) {

	}

	/**
	 * TLS of a directive.
	 *
	 * @param bundle Name of an SSL bundle, configured below spring.ssl.bundle.
	 * @param clientAuth Whether clients show a certificate: none, want or need. Defaults
	 * to what the bundle says.
	 */
	record Ssl(String bundle, @Nullable String clientAuth) {

	}

}
