package io.gozd.directive;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Reads the entries below {@code gozd.directives} with their values as they are written.
 * Spring Boot's binder would stop at the first that it can't convert, and does not tell
 * ids apart from what it makes of them. As there, a source of higher precedence overrides
 * single properties; a directive keeps the place and the spelling that it has where it is
 * first declared, which is in the source of lowest precedence.
 */
final class EntryReader {

	private final Map<String, DirectiveEntry> entries = new LinkedHashMap<>();

	private final List<Fault> faults = new ArrayList<>();

	EntryReader(ConfigurableEnvironment environment) {
		List<PropertySource<?>> sources = new ArrayList<>();
		environment.getPropertySources().forEach(sources::add);
		Collections.reverse(sources);
		for (PropertySource<?> source : sources) {
			// Others can't say what they have: they can't declare a directive.
			if (source instanceof EnumerablePropertySource<?> enumerable) {
				read(enumerable);
			}
		}
		this.entries.values().forEach((entry) -> entry.resolve(environment));
	}

	/** What is configured, in order. */
	List<DirectiveEntry> entries() {
		return List.copyOf(this.entries.values());
	}

	/** What is wrong with the whole. */
	List<Fault> faults() {
		return this.faults;
	}

	private void read(EnumerablePropertySource<?> source) {
		Map<String, String> spellings = new HashMap<>();
		for (String name : source.getPropertyNames()) {
			boolean variable = source instanceof SystemEnvironmentPropertySource && name.indexOf('.') < 0;
			DirectiveName parsed = variable ? DirectiveName.ofVariable(name) : DirectiveName.of(name);
			Object value = (parsed != null) ? source.getProperty(name) : null;
			if (parsed == null || value == null) {
				continue;
			}
			Origin origin = PropertySourceOrigin.get(source, name);
			String id = parsed.id();
			if (id != null) {
				add(id, parsed.property(), value, origin, variable ? new HashMap<>() : spellings);
			}
			else if (!value.toString().isBlank()) {
				this.faults.add(new Fault(DirectiveName.PREFIX, value.toString(), origin,
						"Directives are a map from ids to their properties, not a value",
						"Write gozd.directives.web.address=" + value));
			}
		}
	}

	private void add(String id, String property, Object value, Origin origin, Map<String, String> spellings) {
		String key = DirectiveName.relaxed(id);
		DirectiveEntry entry = this.entries.computeIfAbsent(key, (absent) -> new DirectiveEntry(id));
		String spelling = spellings.putIfAbsent(key, id);
		if (spelling != null && !spelling.equals(id)) {
			spellings.put(key, id);
			this.faults.add(new Fault(DirectiveName.PREFIX + "." + id, null, origin,
					"The ids '" + spelling + "' and '" + id
							+ "' can't be told apart: only their letters and digits count",
					"Give one of them another id"));
		}
		entry.add(property, value, origin);
	}

}
