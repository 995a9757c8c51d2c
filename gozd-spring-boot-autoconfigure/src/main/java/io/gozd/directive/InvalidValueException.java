package io.gozd.directive;

/**
 * A value that can't be understood, or can't be used here.
 */
final class InvalidValueException extends Exception {

	private static final long serialVersionUID = 1L;

	private final String description;

	private final String remedy;

	/**
	 * Create an exception.
	 * @param description what is wrong, without a full stop
	 * @param remedy what to do about it, without a full stop
	 */
	InvalidValueException(String description, String remedy) {
		super(description);
		this.description = description;
		this.remedy = remedy;
	}

	String description() {
		return this.description;
	}

	String remedy() {
		return this.remedy;
	}

}
