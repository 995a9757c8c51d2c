package io.gozd.daemon;

/**
 * The daemon can't start as it is configured: says the property, the value and the way
 * out.
 */
public final class DaemonException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	/**
	 * Create an exception.
	 * @param description what is wrong, in a sentence
	 * @param action what to do about it, in a sentence
	 */
	public DaemonException(String description, String action) {
		super(description);
		this.action = action;
	}

	/**
	 * Return the way out.
	 * @return what to do about it
	 */
	public String action() {
		return this.action;
	}

}
