package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Apache httpd, with its mod_proxy_fcgi. It refuses to work as root: there the directory
 * of a Unix socket has to be open to others.
 *
 * @param reuse whether it keeps connections to the application
 */
record Apache(boolean reuse) implements WebServer {

	@Override
	public Program program() {
		return new Program("apache2", "apache2-bin");
	}

	@Override
	public List<String> configure(Path directory, int port, Endpoint application) throws IOException {
		String url = (application.path() != null) ? "unix:" + application.path() + "|fcgi://localhost/"
				: "fcgi://" + application.host() + ":" + application.port() + "/";
		Path file = directory.resolve("apache2.conf");
		Files.writeString(file, """
				LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
				LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
				LoadModule env_module /usr/lib/apache2/modules/mod_env.so
				LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
				LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so
				ServerRoot "%s"
				DefaultRuntimeDir "%s"
				PidFile apache2.pid
				ErrorLog /dev/stderr
				%s
				Listen 127.0.0.1:%d
				ServerName 127.0.0.1:%d
				AllowEncodedSlashes NoDecode
				SetEnv ap_trust_cgilike_cl yes
				<Location "/">
					CGIPassAuth On
				</Location>
				ProxyPass "/" "%s" flushpackets=on enablereuse=%s
				""".formatted(directory, directory, WebServer.isRoot() ? "User www-data\nGroup www-data" : "", port,
				port, url, this.reuse ? "on" : "off"));
		return List.of("-DFOREGROUND", "-f", file.toString());
	}

}
