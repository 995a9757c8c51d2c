package io.gozd.directive;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.NativePosix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

final class ConfiguredDirectivesTests {

	private final ListenerTable listeners = new ListenerTable(NativePosix::get, List::of);

	private Path directory;

	@BeforeEach
	void makeDirectory() throws IOException {
		this.directory = Files.createTempDirectory("gozd");
	}

	@AfterEach
	void removeDirectory() throws IOException {
		for (Listener listener : this.listeners.open()) {
			listener.channel().close();
		}
		FileSystemUtils.deleteRecursively(this.directory);
	}

	@Test
	void everyDirectiveIsOpenedBeforeAnyIsServed() throws IOException {
		Path path = this.directory.resolve("s.sock");
		Directives directives = Configuration.directives("""
				web:  { address: "127.0.0.1:0" }
				sock: { address: %s, chmod: 0600 }
				name: { address: "@%s" }
				""".formatted(path, path)).read().open(this.listeners);
		assertThat(directives.all()).extracting(Directive::id).containsExactly("web", "sock", "name");
		assertThat(directives.unserved()).containsExactly("web", "sock", "name");
		assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
		try (SocketChannel unix = SocketChannel.open(UnixDomainSocketAddress.of(path));
				SocketChannel tcp = SocketChannel.open(directives.take("web").address())) {
			assertThat(unix.isConnected()).isTrue();
			assertThat(tcp.isConnected()).isTrue();
		}
	}

	@Test
	void anAddressInUseIsSaidWithItsOwner() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			List<Fault> faults = open(
					Configuration.directives("web: { address: '127.0.0.1:" + other.getLocalPort() + "' }"));
			assertThat(faults).hasSize(1);
			assertThat(faults.get(0)).hasToString("gozd.directives.web.address='127.0.0.1:" + other.getLocalPort()
					+ "': The address is in use by this process itself. Remove what else listens there, or write"
					+ " another address (application.yml - 3:21)");
		}
	}

	@Test
	void aSocketThatSomebodyListensOnIsSaidWithItsOwner() throws IOException {
		Path path = this.directory.resolve("s.sock");
		try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			other.bind(UnixDomainSocketAddress.of(path));
			assertThat(open(Configuration.directives("web: { address: " + path + " }")))
				.extracting(Fault::property, Fault::description)
				.containsExactly(tuple("gozd.directives.web.address", "The address is in use by this process itself"));
			assertThat(path).exists();
		}
	}

	@Test
	void aNameInUseIsSaidWithItsOwner() throws IOException {
		String configuration = "web: { address: '@" + this.directory + "' }";
		Configuration.directives(configuration).read().open(this.listeners);
		assertThat(open(Configuration.directives(configuration))).extracting(Fault::description)
			.containsExactly("The address is in use by this process itself");
	}

	@Test
	void anAddressOfAnotherMachineIsSaid() {
		assertThat(open(Configuration.directives("web: { address: '192.0.2.1:0' }"))).extracting(Fault::description)
			.containsExactly("That is no address of this machine");
	}

	@Test
	void aStaleSocketIsTakenOver() throws IOException {
		Path path = this.directory.resolve("s.sock");
		try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			stale.bind(UnixDomainSocketAddress.of(path));
		}
		assertThat(path).exists();
		Configuration.directives("web: { address: " + path + " }").read().open(this.listeners);
		SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
	}

	@Test
	void everythingIsSaidAtOnceAndNothingIsLeftBehind() throws IOException {
		Path path = this.directory.resolve("good.sock");
		int port = freePort();
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Configuration configuration = Configuration.directives("""
					good: { address: %s }
					also: { address: "127.0.0.1:%d" }
					form: { address: ":http", backlog: 0 }
					pair: { address: "*:%d" }
					used: { address: "127.0.0.1:%d" }
					""".formatted(path, port, port, other.getLocalPort()));
			DirectivesException exception = catchThrowableOfType(DirectivesException.class,
					() -> configuration.read().open(this.listeners));
			assertThat(exception.faults()).extracting(Fault::property)
				.containsExactly("gozd.directives.form.address", "gozd.directives.form.backlog",
						"gozd.directives.pair.address", "gozd.directives.used.address");
			assertThat(exception).hasMessageStartingWith("There are 4 faults in gozd.directives:\n"
					+ "  gozd.directives.form.address=':http': 'http' is no port. A port is a number from 1 to 65535, or"
					+ " 0 for any that is free (application.yml - 5:22)\n  gozd.directives.form.backlog='0': ");
			assertThat(exception.getMessage().lines()).hasSize(5);
		}
		assertThat(this.listeners.open()).isEmpty();
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files).isEmpty();
		}
		assertThatIOException()
			.isThrownBy(() -> SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
	}

	@Test
	void oneFaultIsOneFault() {
		DirectivesException exception = catchThrowableOfType(DirectivesException.class,
				() -> Configuration.directives("web:").read().open(this.listeners));
		assertThat(exception).hasMessageStartingWith("There is a fault in gozd.directives:\n  gozd.directives.web");
	}

	private List<Fault> open(Configuration configuration) {
		DirectivesException exception = catchThrowableOfType(DirectivesException.class,
				() -> configuration.read().open(this.listeners));
		return exception.faults();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
