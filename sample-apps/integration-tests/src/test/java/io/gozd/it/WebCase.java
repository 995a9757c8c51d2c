package io.gozd.it;

import java.util.List;

/**
 * Something that is asked through a web server, and what must be answered.
 *
 * @param name what it is
 * @param needs what the web server must be able to do
 * @param check asks, and looks at the answer
 */
record WebCase(String name, List<WebTrait> needs, Check check) {

	static WebCase of(String name, Check check) {
		return new WebCase(name, List.of(), check);
	}

	WebCase needing(WebTrait... traits) {
		return new WebCase(this.name, List.of(traits), this.check);
	}

	@FunctionalInterface
	interface Check {

		void through(WebClient client) throws Exception;

	}

}
