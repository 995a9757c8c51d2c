package io.gozd.listener;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;

/**
 * How a directive speaks FastCGI.
 *
 * @param paramsTimeout from the first byte of a request to the end of its parameters
 * @param readTimeout how long the next bytes of a body may take, in either direction
 * @param idleTimeout how long a kept connection may have no request
 * @param maxParamsSize how many bytes the parameters of a request may have
 * @param maxParams how many parameters a request may have
 * @param maxHeaders how many of them may be headers
 * @param maxSwallowSize how many bytes that nobody reads are read all the same
 * @param pathFromScriptName whether the path is what the web server has made of it, not
 * what the client has sent
 * @param portFromServer whether a host without a port has the port of the web server, not
 * that of the scheme
 * @param trustRemoteUser whether the web server has verified the user that it names
 * @param trustSsl whether what the web server says of TLS is told to the application
 * @param reportErrors whether exceptions that nobody handles are told to the web server
 * @param webServers who may connect by TCP; empty for everybody
 */
public record FcgiSettings(Duration paramsTimeout, Duration readTimeout, Duration idleTimeout, int maxParamsSize,
		int maxParams, int maxHeaders, long maxSwallowSize, boolean pathFromScriptName, boolean portFromServer,
		boolean trustRemoteUser, boolean trustSsl, boolean reportErrors, Set<InetAddress> webServers) {

	/** What counts where nothing is said. */
	public static final FcgiSettings DEFAULTS = new FcgiSettings(Duration.ofSeconds(15), Duration.ofSeconds(60),
			Duration.ofSeconds(75), 128 * 1024, 1000, 100, 2 * 1024 * 1024, false, false, false, false, false,
			Set.of());

}
