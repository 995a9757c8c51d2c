package io.gozd.directive;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.gozd.listener.Directive;
import io.gozd.listener.Protocol;

import org.springframework.core.env.PropertyResolver;

/**
 * What {@code server.port} and {@code management.server.port} mean where the port is one
 * for which rights are needed (ip(7)). The servers bind all other ports themselves.
 *
 * @param environment where they are configured
 * @param firstFreePort the first port that everybody may listen on
 */
record ImpliedDirectives(PropertyResolver environment, int firstFreePort) {

	private static final Map<String, String> PREFIXES = Map.of("server", "server", "management", "management.server");

	private static final Path FIRST_FREE_PORT = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

	private static final int DEFAULT_FIRST_FREE_PORT = 1024;

	static ImpliedDirectives of(PropertyResolver environment) {
		try {
			return new ImpliedDirectives(environment, firstFreePort(FIRST_FREE_PORT));
		}
		catch (IOException | NumberFormatException ex) {
			return new ImpliedDirectives(environment, DEFAULT_FIRST_FREE_PORT);
		}
	}

	/**
	 * The kernel gives such a number to the first read alone, however short that is: to
	 * read it byte by byte, as for a file without a size, gives its first digit.
	 */
	static int firstFreePort(Path file) throws IOException {
		try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
			return Integer.parseInt(String.valueOf(reader.readLine()).strip());
		}
	}

	List<Directive> privileged() {
		List<Directive> directives = new ArrayList<>();
		PREFIXES.forEach((id, prefix) -> add(directives, id, prefix));
		return directives;
	}

	static String propertyOf(String id) {
		return PREFIXES.get(id) + ".port";
	}

	private void add(List<Directive> directives, String id, String prefix) {
		try {
			int port = Integer.parseInt(this.environment.getProperty(prefix + ".port", "0").strip());
			if (port > 0 && port < this.firstFreePort) {
				String host = this.environment.getProperty(prefix + ".address");
				InetSocketAddress address = (host != null) ? new InetSocketAddress(InetAddress.getByName(host), port)
						: new InetSocketAddress(port);
				directives.add(new Directive(id, address, Protocol.HTTP, Set.of(),
						Defaults.of(this.environment).backlog(), 1, null, null));
			}
		}
		catch (UnknownHostException | IllegalArgumentException ex) {
			// Whose properties these are says what is wrong with them.
		}
	}

}
