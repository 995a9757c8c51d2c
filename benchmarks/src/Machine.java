package benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;

/**
 * Where and when the figures were made.
 */
final class Machine {

	private Machine() {
	}

	static String describe() throws IOException {
		return String.format(Locale.ROOT, "%s, %d cores, %.0f GiB of memory, Linux %s, %s %s", LocalDate.now(),
				Runtime.getRuntime().availableProcessors(), totalMemory(), System.getProperty("os.version"),
				System.getProperty("java.vm.name"), Runtime.version());
	}

	private static double totalMemory() throws IOException {
		String total = Files.readAllLines(Path.of("/proc/meminfo")).get(0);
		return Long.parseLong(total.replaceAll("\\D", "")) / 1024.0 / 1024.0;
	}

}
