package benchmarks;

/**
 * Something that can be measured.
 */
interface Benchmark {

	/**
	 * Measures it.
	 * @return the figures, as Markdown
	 */
	String run() throws Exception;

}
