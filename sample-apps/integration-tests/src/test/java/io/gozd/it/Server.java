package io.gozd.it;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The web server of a daemon, as the libraries in its jar tell it.
 *
 * @param kind which one
 * @param version its version
 * @param boot the version of Spring Boot that it is run by
 */
record Server(ServerKind kind, String version, String boot) {

	static Optional<Server> among(List<String> libraries) {
		return Stream.of(ServerKind.values())
			.flatMap((kind) -> version(kind.library(), libraries)
				.map((version) -> new Server(kind, version,
						version("spring-boot", libraries).orElseThrow(() -> new AssertionError(libraries))))
				.stream())
			.findFirst();
	}

	private static Optional<String> version(String library, List<String> libraries) {
		Pattern name = Pattern.compile(Pattern.quote(library) + "-(\\d.*)\\.jar");
		return libraries.stream()
			.map(name::matcher)
			.filter(Matcher::matches)
			.map((found) -> found.group(1))
			.findFirst();
	}

	boolean has(ServerTrait trait) {
		return trait.isOf(this.kind);
	}

	/**
	 * A property of this server, as an argument.
	 */
	String argument(ServerSetting setting, Object value) {
		return "--" + property(setting, value);
	}

	/**
	 * A property of this server, as name=value.
	 */
	String property(ServerSetting setting, Object value) {
		return setting.of(this.kind, value);
	}

	@Override
	public String toString() {
		return this.kind + " " + this.version + ", Spring Boot " + this.boot;
	}

}
