package io.gozd.it;

import java.util.List;
import java.util.stream.Stream;

/**
 * The configuration of a daemon, in place of that in its jar, which the next generation
 * reads anew.
 *
 * @param file the file
 */
record DirectivesFile(PropertiesFile file) {

	static DirectivesFile of(DaemonCommand command) {
		PropertiesFile file = PropertiesFile.of(command);
		// A variant of a jar has its properties in this place.
		command.arguments("--spring.config.location=optional:classpath:/config/,file:" + file.file());
		return new DirectivesFile(file);
	}

	/**
	 * From now on these, and no others.
	 */
	void write(ConfiguredDirective... directives) {
		write(List.of(directives));
	}

	void write(List<ConfiguredDirective> directives) {
		this.file.write(Stream.of(directives)
			.flatMap(List::stream)
			.flatMap((directive) -> directive.lines().stream())
			.toArray(String[]::new));
	}

}
