package benchmarks;

/**
 * The two that are compared.
 */
enum Variant {

	WITHOUT, WITH;

	/**
	 * The order of a round: the one that begins also ends it, so that a machine that
	 * slows down meanwhile favours neither.
	 */
	static Variant[] order(int round) {
		return (round % 2 == 0) ? new Variant[] { WITHOUT, WITH, WITH, WITHOUT }
				: new Variant[] { WITH, WITHOUT, WITHOUT, WITH };
	}

	/**
	 * The order of a pair, in which the beginner changes.
	 */
	static Variant[] pair(int round) {
		return (round % 2 == 0) ? new Variant[] { WITHOUT, WITH } : new Variant[] { WITH, WITHOUT };
	}

}
