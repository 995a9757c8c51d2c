package io.gozd.handover;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What objects remember: their fields that are not final. A field that is added to a
 * machine later is noticed by itself.
 */
final class Snapshot {

	private static final ClassValue<List<Field>> FIELDS = new ClassValue<>() {

		@Override
		protected List<Field> computeValue(Class<?> type) {
			return Arrays.stream(type.getDeclaredFields())
				.filter((field) -> !Modifier.isFinal(field.getModifiers()))
				.peek((field) -> field.setAccessible(true))
				.toList();
		}

	};

	private final Object[] values;

	private final int hash;

	private Snapshot(List<Object> values) {
		this.values = values.toArray();
		this.hash = values.hashCode();
	}

	static Snapshot of(Object... objects) {
		List<Object> values = new ArrayList<>();
		try {
			for (Object object : objects) {
				for (Field field : FIELDS.get(object.getClass())) {
					Object value = field.get(object);
					values.add((value instanceof List<?> list) ? List.copyOf(list) : value);
				}
			}
		}
		catch (IllegalAccessException ex) {
			throw new AssertionError(ex);
		}
		return new Snapshot(values);
	}

	/** Let objects of the same types remember it. */
	void restore(Object... objects) {
		int next = 0;
		try {
			for (Object object : objects) {
				for (Field field : FIELDS.get(object.getClass())) {
					Object value = this.values[next++];
					field.set(object, (value instanceof List<?> list) ? new ArrayList<>(list) : value);
				}
			}
		}
		catch (IllegalAccessException ex) {
			throw new AssertionError(ex);
		}
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Snapshot snapshot && this.hash == snapshot.hash
				&& Arrays.equals(this.values, snapshot.values);
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

}
