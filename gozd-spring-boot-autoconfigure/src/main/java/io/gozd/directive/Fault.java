package io.gozd.directive;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * One thing that is wrong with the directives of a configuration.
 *
 * @param property the property, by its whole name
 * @param value its value as configured, or null if it has none
 * @param origin where that is written: the file with line and column, where Spring Boot
 * knows them; null if it is written nowhere
 * @param description what is wrong
 * @param remedy what to do about it
 */
public record Fault(String property, @Nullable String value, @Nullable Origin origin, String description,
		String remedy) {

	/**
	 * Return the fault in one line, as a log shows it: what would break the line is a
	 * question mark.
	 * @return property, value, description, remedy and origin
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.property);
		if (this.value != null) {
			text.append("='").append(this.value).append("'");
		}
		text.append(": ").append(this.description).append(". ").append(this.remedy);
		if (this.origin != null) {
			text.append(" (").append(this.origin).append(")");
		}
		return text.toString().replaceAll("\\p{Cntrl}", "?");
	}

}
