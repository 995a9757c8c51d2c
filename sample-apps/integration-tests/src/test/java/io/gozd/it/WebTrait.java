package io.gozd.it;

/**
 * What not every web server does for FastCGI.
 */
enum WebTrait {

	/** Takes a body whose length is not said. */
	TAKES_CHUNKS,

	/** Passes on who the client says that it is. */
	PASSES_AUTHORIZATION,

	/** Takes the rest of a large body though the answer is there. */
	TAKES_UNWANTED_BODIES

}
