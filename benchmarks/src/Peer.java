package benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One of those that are compared behind a web server.
 */
interface Peer {

	/** Of those that have one for each connection: as many as nginx keeps connections. */
	int WORKERS = 32;

	String title();

	/**
	 * What is not installed and would be needed.
	 */
	Optional<String> missing();

	/**
	 * How it is started, built first where it must be.
	 * @param directory where it may write
	 * @param place where it has to listen
	 */
	List<String> command(Path directory, Place place) throws IOException, InterruptedException;

	/**
	 * Whether it speaks HTTP, and not FastCGI.
	 */
	default boolean speaksHttp() {
		return false;
	}

	/**
	 * What nginx has to be told of it, beyond the usual.
	 */
	default String nginxOptions() {
		return "";
	}

}
