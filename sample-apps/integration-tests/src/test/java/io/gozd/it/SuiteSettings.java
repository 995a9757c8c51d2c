package io.gozd.it;

import java.nio.file.Path;
import java.util.List;

/**
 * What a run of the suite is told from outside.
 *
 * @param jar the jar under test
 * @param javaHomes the JDKs to run it on, at least one
 * @param full whether the full counts are run, not the short form
 * @param swaps how often a test of swaps makes one, at least once
 */
record SuiteSettings(Path jar, List<JavaHome> javaHomes, boolean full, int swaps) {

	SuiteSettings {
		if (swaps < 1) {
			throw new AssertionError("gozd.it.swaps is " + swaps + ", not 1 or more");
		}
	}

	static SuiteSettings fromSystemProperties() {
		String told = System.getProperty("gozd.it.full");
		boolean full = told != null && !told.equals("false");
		return new SuiteSettings(
				Path.of(System.getProperty("gozd.it.jar", "../http-daemon/target/http-daemon.jar"))
					.toAbsolutePath()
					.normalize(),
				chosen(JavaHome.all(), System.getProperty("gozd.it.java", "each")), full,
				Integer.parseInt(System.getProperty("gozd.it.swaps", full ? "20" : "3")));
	}

	private static List<JavaHome> chosen(List<JavaHome> homes, String which) {
		return switch (which) {
			case "each" -> homes;
			case "oldest" -> homes.subList(0, 1);
			case "newest" -> homes.subList(homes.size() - 1, homes.size());
			default -> throw new AssertionError("gozd.it.java is " + which + ", not each, oldest or newest");
		};
	}

	JavaHome java() {
		return this.javaHomes.get(0);
	}

	/**
	 * The newest JDK, for a test that has nothing to compare and would take longer with
	 * each.
	 */
	JavaHome newestJava() {
		return this.javaHomes.get(this.javaHomes.size() - 1);
	}

}
