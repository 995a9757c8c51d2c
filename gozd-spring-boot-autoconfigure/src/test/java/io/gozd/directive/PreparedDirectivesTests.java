package io.gozd.directive;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.Channel;
import java.nio.file.Files;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import io.gozd.listener.Directive;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.FakePosix;
import io.gozd.posix.ProcessFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Directives that are bound while their process may still bind them.
 */
final class PreparedDirectivesTests {

	private final ListenerTable table = new ListenerTable(FakePosix::new, List::of);

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.table.closePrepared();
	}

	@Test
	void everyAddressIsBoundWhateverElseIsNotKnownYet() throws IOException {
		assumeThat(ProcessFile.self().effectiveUser()).as("only root has a folder of its own").isZero();
		Path path = this.directory.resolve("s");
		Configuration configuration = Configuration.directives("""
				web: { address: "127.0.0.1:0", protocol: https, ssl: { bundle: not-known-yet } }
				local: { address: "%s", chmod: 0600 }
				wrong: { address: "nowhere" }
				""".formatted(path));
		ConfiguredDirectives.prepare(configuration.environment(), this.table);
		assertThat(this.table.open()).extracting((listener) -> listener.key().value())
			.containsExactly("tcp:127.0.0.1:0#web", "unix:" + path);
		assertThat(path).exists();
	}

	/** Its owner could lead root elsewhere by a name in it. */
	@Test
	void aSocketInAFolderThatIsNotRootsAloneIsLeftToTheUser() throws IOException {
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxrwxrwx"));
		Configuration configuration = Configuration.directives("""
				web: { address: "127.0.0.1:0" }
				local: { address: "%s" }
				none: { address: "%s" }
				""".formatted(this.directory.resolve("s"), this.directory.resolve("none/s")));
		ConfiguredDirectives.prepare(configuration.environment(), this.table);
		assertThat(this.table.open()).extracting((listener) -> listener.key().value())
			.containsExactly("tcp:127.0.0.1:0#web");
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void anAddressInUseIsSaidAndNothingIsLeft() throws IOException {
		Path path = this.directory.resolve("s");
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Configuration configuration = Configuration.directives("""
					local: { address: "%s" }
					web: { address: "127.0.0.1:%d" }
					""".formatted(path, other.getLocalPort()));
			assertThatExceptionOfType(DirectivesException.class)
				.isThrownBy(() -> ConfiguredDirectives.prepare(configuration.environment(), this.table))
				.withMessageContaining("gozd.directives.web.address")
				.withMessageContaining("in use");
		}
		assertThat(path).doesNotExist();
		assertThat(this.table.open()).extracting(Listener::channel).noneMatch(Channel::isOpen);
	}

	@Test
	void ofTheServersPortsOnlyThoseArePreparedThatNeedRights() {
		Configuration configuration = new Configuration().options(Map.of("server.port", "80", "server.address",
				"127.0.0.1", "server.tomcat.accept-count", "7", "management.server.port", "443"));
		List<Directive> implied = new ImpliedDirectives(configuration.environment(), 444).privileged();
		assertThat(implied).extracting(Directive::key)
			.containsExactlyInAnyOrder(
					ListenerKey.of("server", new InetSocketAddress(InetAddress.getLoopbackAddress(), 80)),
					ListenerKey.of("management", new InetSocketAddress(443)));
		assertThat(implied).extracting(Directive::backlog).containsOnly(7);
		assertThat(new ImpliedDirectives(configuration.environment(), 80).privileged()).isEmpty();
		assertThat(new ImpliedDirectives(new Configuration().environment(), 1024).privileged()).isEmpty();
	}

	@Test
	void theKernelsNumberIsReadAsAWhole() throws Exception {
		Path file = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
		Process cat = new ProcessBuilder("cat", file.toString()).start();
		String text = new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
		assertThat(cat.waitFor()).isZero();
		assertThat(ImpliedDirectives.firstFreePort(file)).isEqualTo(Integer.parseInt(text));
		assertThat(ImpliedDirectives.of(new Configuration().environment()).firstFreePort())
			.isEqualTo(Integer.parseInt(text));
	}

	@Test
	void aPortThatIsNoneIsLeftToWhoseItIs() {
		Configuration configuration = new Configuration()
			.options(Map.of("server.port", "eighty", "management.server.port", "-1"));
		assertThat(new ImpliedDirectives(configuration.environment(), 1024).privileged()).isEmpty();
		assertThat(ImpliedDirectives.propertyOf("server")).isEqualTo("server.port");
	}

}
