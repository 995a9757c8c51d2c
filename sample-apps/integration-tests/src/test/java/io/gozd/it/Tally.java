package io.gozd.it;

/**
 * What the tests have done, a line each in their output, which {@code matrix} sums up.
 */
final class Tally {

	private Tally() {
	}

	static void swap() {
		System.out.println("tally: swap");
	}

	static void requests(long answered, long failed) {
		System.out.println("tally: " + answered + " answered, " + failed + " failed");
	}

}
