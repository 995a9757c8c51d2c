package io.gozd.directive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * An environment that has only what a test puts there, the first with the lowest
 * precedence, read as Spring Boot reads it.
 */
final class Configuration {

	private final ConfigurableEnvironment environment = new StandardEnvironment();

	Configuration() {
		this.environment.getPropertySources()
			.stream()
			.map(PropertySource::getName)
			.toList()
			.forEach(this.environment.getPropertySources()::remove);
	}

	/** The lines below {@code gozd.directives}. */
	static Configuration directives(String yaml) {
		return new Configuration().yaml("gozd:\n  directives:\n" + yaml.indent(4));
	}

	Configuration yaml(String text) {
		return load(new YamlPropertySourceLoader(), "application.yml", text);
	}

	Configuration properties(String text) {
		return load(new PropertiesPropertySourceLoader(), "application.properties", text);
	}

	Configuration variables(Map<String, Object> variables) {
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", variables));
		return this;
	}

	Configuration options(Map<String, Object> options) {
		this.environment.getPropertySources().addFirst(new MapPropertySource("options", options));
		return this;
	}

	private Configuration load(PropertySourceLoader loader, String name, String text) {
		try {
			loader.load(name + this.environment.getPropertySources().size(), new Text(name, text))
				.forEach(this.environment.getPropertySources()::addFirst);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return this;
	}

	ConfigurableEnvironment environment() {
		return this.environment;
	}

	/** What becomes of it where there is an SSL bundle web and a handler of echo. */
	ConfiguredDirectives read() {
		return new ConfiguredDirectives(this.environment, List.of("web"), Set.of("echo"));
	}

	private static final class Text extends ByteArrayResource {

		private final String name;

		Text(String name, String text) {
			super(text.getBytes(StandardCharsets.UTF_8));
			this.name = name;
		}

		@Override
		public String getDescription() {
			return this.name;
		}

	}

}
