package io.gozd.directive;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

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
	 * server.tomcat.accept-count, else to 100, with FastCGI to 4096.
	 * @param maxConnections Number of connections of raw TCP that may be open at once.
	 * Defaults to 200, with virtual threads to 8192.
	 * @param protocol Protocol: tcp, http, https or fcgi. Defaults to tcp where a handler
	 * claims the id, else to http.
	 * @param ssl TLS of https.
	 * @param fcgi How fcgi is spoken.
	 */
	record Directive(@Nullable String network, String address, @Nullable String chmod, @Nullable Integer backlog,
			@Nullable Integer maxConnections, @Nullable String protocol, @Nullable Ssl ssl, @Nullable Fcgi fcgi) {

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

	/**
	 * FastCGI of a directive.
	 *
	 * @param paramsTimeout Time from the first byte of a request to the end of its
	 * parameters. Defaults to 15s.
	 * @param readTimeout Time that the next bytes of a body may take, in either
	 * direction. Defaults to 60s.
	 * @param idleTimeout Time that a connection may have no request. Defaults to 75s.
	 * @param maxParamsSize Size of the parameters of one request. Defaults to 128KB.
	 * @param maxParams Number of parameters of one request. Defaults to 1000.
	 * @param maxHeaders Number of headers of one request. Defaults to 100.
	 * @param maxSwallowSize Size of what nobody reads, such as the rest of a body, on a
	 * connection that is kept. Defaults to 2MB.
	 * @param uriSource Where the path comes from: request-uri, or script-name for what
	 * the web server has made of it. Defaults to request-uri.
	 * @param hostPort Port of a host that is named without one: header for that of the
	 * scheme, server-port for SERVER_PORT. Defaults to header.
	 * @param trustRemoteUser Whether REMOTE_USER is the user of the request. Defaults to
	 * false.
	 * @param trustSsl Whether SSL_CIPHER, SSL_PROTOCOL, SSL_SESSION_ID and
	 * SSL_CLIENT_CERT become attributes of the request. Defaults to false.
	 * @param reportErrors Whether the web server's log is told of exceptions that nobody
	 * handles. Defaults to false.
	 * @param webServers Addresses that may connect by TCP, with commas between them.
	 * Defaults to the variable FCGI_WEB_SERVER_ADDRS, else to all.
	 */
	record Fcgi(@Nullable Duration paramsTimeout, @Nullable Duration readTimeout, @Nullable Duration idleTimeout,
			@Nullable DataSize maxParamsSize, @Nullable Integer maxParams, @Nullable Integer maxHeaders,
			@Nullable DataSize maxSwallowSize, @Nullable String uriSource, @Nullable String hostPort,
			@Nullable Boolean trustRemoteUser, @Nullable Boolean trustSsl, @Nullable Boolean reportErrors,
			@Nullable String webServers) {

	}

}
