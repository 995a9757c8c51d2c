package io.gozd.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A directive as it stands in a file of properties.
 *
 * @param id its id
 * @param address where it listens
 * @param properties what else is said of it, each as name=value
 */
record ConfiguredDirective(String id, String address, List<String> properties) {

	private static final String PREFIX = "gozd.directives.";

	ConfiguredDirective {
		properties = List.copyOf(properties);
	}

	/**
	 * One of the network and the protocol that the daemon finds by itself.
	 */
	static ConfiguredDirective at(String id, String address) {
		return new ConfiguredDirective(id, address, List.of());
	}

	static ConfiguredDirective at(String id, Path path) {
		return at(id, path.toString());
	}

	/**
	 * One on a port of 127.0.0.1.
	 */
	static ConfiguredDirective at(String id, int port) {
		return at(id, "127.0.0.1:" + port);
	}

	ConfiguredDirective with(String property, Object value) {
		List<String> more = new ArrayList<>(this.properties);
		more.add(property + "=" + value);
		return new ConfiguredDirective(this.id, this.address, more);
	}

	ConfiguredDirective secured() {
		return with("protocol", "https").with("ssl.bundle", "web");
	}

	String[] arguments() {
		return lines().stream().map((line) -> "--" + line).toArray(String[]::new);
	}

	List<String> lines() {
		List<String> lines = new ArrayList<>();
		lines.add(PREFIX + this.id + ".address=" + this.address);
		this.properties.forEach((property) -> lines.add(PREFIX + this.id + "." + property));
		return lines;
	}

}
