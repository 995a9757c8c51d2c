package tryswap;

/**
 * Something that ends the run: the daemon did not do what it should.
 */
final class Unexpected extends RuntimeException {

	private static final long serialVersionUID = 1;

	Unexpected(String message) {
		super(message);
	}

}
