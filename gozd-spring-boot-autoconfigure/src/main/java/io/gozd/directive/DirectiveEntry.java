package io.gozd.directive;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;
import org.springframework.core.env.PropertyResolver;

/**
 * A directive as it is written, and what is wrong with it.
 */
final class DirectiveEntry {

	private final String id;

	private final Map<DirectiveProperty, Value> values = new EnumMap<>(DirectiveProperty.class);

	private final Map<String, Value> unknown = new LinkedHashMap<>();

	private final List<Fault> faults = new ArrayList<>();

	private @Nullable Origin origin;

	DirectiveEntry(String id) {
		this.id = id;
	}

	String id() {
		return this.id;
	}

	/** Add what a source says; sources of higher precedence come later. */
	void add(String name, Object value, @Nullable Origin origin) {
		if (this.origin == null) {
			this.origin = origin;
		}
		DirectiveProperty property = DirectiveProperty.of(name);
		if (property != null) {
			this.values.put(property, new Value(value, origin, false));
		}
		else {
			this.unknown.put(name, new Value(value, origin, false));
		}
	}

	/** Replace placeholders by what they stand for. */
	void resolve(PropertyResolver resolver) {
		this.values.replaceAll((property, value) -> resolve(resolver, property, value));
	}

	private Value resolve(PropertyResolver resolver, DirectiveProperty property, Value value) {
		if (!(value.raw() instanceof CharSequence text)) {
			return value;
		}
		try {
			return new Value(resolver.resolveRequiredPlaceholders(text.toString()).strip(), value.origin(), false);
		}
		catch (IllegalArgumentException ex) {
			fault(property, "A placeholder can't be resolved: " + ex.getMessage(),
					"Set what it names, or give it a default, as in ${name:default}");
			return new Value("", value.origin(), true);
		}
	}

	/** The properties that there are not, by name. */
	Map<String, Value> unknown() {
		return this.unknown;
	}

	/** Whether there is a value where the properties belong. */
	boolean isBareValue() {
		Value value = this.unknown.get("");
		return value != null && !value.text().isEmpty();
	}

	/** Whether there is a value, be it one that was found to be wrong. */
	boolean has(DirectiveProperty property) {
		Value value = this.values.get(property);
		return value != null && (value.wrong() || !value.text().isEmpty());
	}

	/** The value, or null if there is none; a blank one counts as none. */
	@Nullable Object raw(DirectiveProperty property) {
		Value value = this.values.get(property);
		return (value != null && !value.text().isEmpty()) ? value.raw() : null;
	}

	/** The value as text, or null if there is none; a blank one counts as none. */
	@Nullable String text(DirectiveProperty property) {
		Value value = this.values.get(property);
		return (value != null && !value.text().isEmpty()) ? value.text() : null;
	}

	/** The value of a property that has a few words to choose from. */
	@Nullable String word(DirectiveProperty property, List<String> words, String what) {
		String text = text(property);
		if (text == null) {
			return null;
		}
		for (String word : words) {
			if (word.equalsIgnoreCase(text)) {
				return word;
			}
		}
		fault(property, "There is no such " + what, "Write one of " + String.join(", ", words));
		return null;
	}

	/** The value of a property that is a number from 1 on. */
	int number(DirectiveProperty property, int otherwise) {
		String text = text(property);
		if (text == null) {
			return otherwise;
		}
		try {
			int number = Integer.parseInt(text);
			if (number > 0) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		fault(property, "That is no number from 1 to " + Integer.MAX_VALUE,
				"Write such a number, or leave the property out for " + otherwise);
		return otherwise;
	}

	void fault(DirectiveProperty property, InvalidValueException ex) {
		fault(property, ex.description(), ex.remedy());
	}

	void fault(DirectiveProperty property, String description, String remedy) {
		Value value = this.values.get(property);
		fault(property.key(), value, description, remedy);
	}

	/** Note a fault of a property that has a value, or that lacks one (null). */
	void fault(String property, @Nullable Value value, String description, String remedy) {
		String suffix = property.isEmpty() ? "" : "." + property;
		this.faults.add(new Fault(name() + suffix, (value != null) ? value.text() : null,
				(value != null) ? value.origin() : this.origin, description, remedy));
	}

	/** The name of the directive, as it is written in a file. */
	String name() {
		return DirectiveName.PREFIX + ((this.id.indexOf('.') >= 0) ? "[" + this.id + "]" : "." + this.id);
	}

	List<Fault> faults() {
		return this.faults;
	}

	/** A value as it is written, a number in YAML being one, and where. */
	record Value(Object raw, @Nullable Origin origin, boolean wrong) {

		String text() {
			return this.raw.toString().strip();
		}

	}

}
