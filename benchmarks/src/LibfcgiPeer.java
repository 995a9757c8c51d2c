package benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * C with libfcgi.
 *
 * @param source its program
 */
record LibfcgiPeer(Path source) implements Peer {

	private static final Tool CC = new Tool("cc", "gcc");

	@Override
	public String title() {
		return "libfcgi, " + WORKERS + " threads";
	}

	@Override
	public Optional<String> missing() {
		if (!Files.exists(Path.of("/usr/include/fcgiapp.h"))) {
			return Optional.of("fcgiapp.h (package libfcgi-dev)");
		}
		return CC.find().isPresent() ? Optional.empty() : Optional.of(CC.missing());
	}

	@Override
	public List<String> command(Path directory, Place place) throws IOException, InterruptedException {
		Path program = directory.resolve("fcgi");
		GoPeer.run(Map.of(), CC.path(), "-O2", "-o", program.toString(), this.source.toString(), "-lfcgi", "-lpthread");
		return List.of(program.toString(), String.valueOf(place.port()), place.socket().toString(),
				String.valueOf(WORKERS));
	}

}
