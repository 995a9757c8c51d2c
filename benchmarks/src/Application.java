package benchmarks;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;

/**
 * What is measured: an application that there is with the starter and without it.
 */
interface Application {

	/**
	 * How it is started.
	 * @param directory where it may write
	 * @param port where it must listen, on 127.0.0.1
	 * @return what follows the JVM's options on the command line
	 */
	List<String> arguments(Variant variant, Path directory, int port) throws IOException;

	/**
	 * Has it answer once.
	 * @return its answer, which tells the generation: 0 without the starter
	 * @throws SocketException if it does not listen
	 */
	String ask(int port) throws IOException;

}
