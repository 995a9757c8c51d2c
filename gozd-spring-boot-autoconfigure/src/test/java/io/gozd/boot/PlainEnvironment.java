package io.gozd.boot;

import java.util.HashMap;
import java.util.Map;

import org.springframework.core.env.AbstractEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * An environment that has only what a test puts there. Spring's own one for tests can't
 * be used by what is compiled once: its methods return another type in each line.
 */
public final class PlainEnvironment extends AbstractEnvironment {

	private final Map<String, Object> properties = new HashMap<>();

	/** Create one without properties. */
	public PlainEnvironment() {
		getPropertySources().addLast(new MapPropertySource("test", this.properties));
	}

	/** Add a property. */
	public PlainEnvironment withProperty(String name, String value) {
		this.properties.put(name, value);
		return this;
	}

}
