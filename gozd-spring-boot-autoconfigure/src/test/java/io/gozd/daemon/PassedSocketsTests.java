package io.gozd.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.gozd.listener.InheritedListener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.SocketFile;
import io.gozd.posix.FakePosix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class PassedSocketsTests {

	private static final InetSocketAddress WEB = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

	private static final InetSocketAddress EVERYWHERE = new InetSocketAddress(9090);

	private final Map<String, String> environment = new HashMap<>(
			Map.of("LISTEN_FDS", "2", "LISTEN_PID", "4711", "LISTEN_FDNAMES", "web:my-app.socket"));

	private static final StoredName WEB_NAME = new StoredName(ListenerKey.of("web", WEB), null);

	private final FakePosix posix = new FakePosix();

	private final List<StoredName> unusable = new ArrayList<>();

	@TempDir
	private Path directory;

	@Test
	void theyAreTheServiceManagersAndKnownByNameAndAddress() {
		this.posix.listens(WEB, 3);
		this.posix.listens(EVERYWHERE, 4);
		List<InheritedListener> sockets = sockets();
		assertThat(sockets).extracting(InheritedListener::descriptor).containsExactly(3, 4);
		assertThat(sockets).extracting(InheritedListener::id).containsExactly("web", "my-app.socket");
		assertThat(sockets).extracting(InheritedListener::key)
			.containsExactly(ListenerKey.of("any", WEB), ListenerKey.of("any", EVERYWHERE));
		assertThat(sockets).allMatch(InheritedListener::supervised);
	}

	@Test
	void theyAreTakenOnlyByTheProcessTheyAreFor() {
		this.environment.put("LISTEN_PID", "4700");
		assertThat(sockets()).isEmpty();
		this.environment.remove("LISTEN_PID");
		assertThat(sockets()).isEmpty();
	}

	/** One would be closed here, and its clients would wait for ever. */
	@Test
	void onePortForIpv4AndForIpv6IsRefused() throws IOException {
		this.posix.listens(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 9090), 3);
		this.posix.listens(new InetSocketAddress(InetAddress.getByName("::"), 9090), 4);
		assertThatExceptionOfType(DaemonException.class).isThrownBy(this::sockets)
			.withMessageContaining("tcp:*:9090")
			.satisfies((ex) -> assertThat(ex.action()).contains("BindIPv6Only=both"));
	}

	@Test
	void namesAreNotNeeded() {
		this.environment.remove("LISTEN_FDNAMES");
		this.posix.listens(WEB, 3);
		this.posix.listens(EVERYWHERE, 4);
		assertThat(sockets()).hasSize(2);
	}

	@Test
	void whatDoesNotListenIsLeftAlone() {
		this.posix.listens(EVERYWHERE, 4);
		assertThat(sockets()).extracting(InheritedListener::descriptor).containsExactly(4);
		assertThat(this.posix.closed()).isEmpty();
	}

	@Test
	void aNumberThatIsNoneIsSaid() {
		for (String count : new String[] { "two", "-1", "9999", "99999999999" }) {
			this.environment.put("LISTEN_FDS", count);
			assertThatExceptionOfType(DaemonException.class).isThrownBy(this::sockets)
				.withMessageContaining("LISTEN_FDS=" + count);
		}
	}

	@Test
	void whatTheDaemonHadStoredIsItsOwnAgain() throws IOException {
		Path path = this.directory.resolve("s");
		Path boundAt = this.directory.resolve("elsewhere");
		ListenerKey unix = ListenerKey.of("local", UnixDomainSocketAddress.of(path));
		this.posix.listens(WEB, 3);
		this.posix.listens(UnixDomainSocketAddress.of(boundAt), 4);
		try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			socket.bind(UnixDomainSocketAddress.of(path));
			StoredName name = new StoredName(unix, SocketFile.at(path).inode());
			this.environment.put("LISTEN_FDNAMES", WEB_NAME + ":" + name);
			List<InheritedListener> sockets = sockets();
			assertThat(this.posix.takeCalls()).as("a daemon that ended may have shut newcomers out")
				.containsExactly("acceptNewcomers 3", "acceptNewcomers 4");
			assertThat(sockets).extracting(InheritedListener::descriptor).containsExactly(3, 4);
			InheritedListener stored = sockets.get(1);
			assertThat(stored.key()).isEqualTo(unix);
			assertThat(stored.address()).isEqualTo(UnixDomainSocketAddress.of(path));
			assertThat(stored.name()).isEqualTo(UnixDomainSocketAddress.of(boundAt));
			assertThat(stored.file()).isNotNull();
			assertThat(stored.supervised()).isFalse();
			assertThat(stored.id()).isNull();
			assertThat(this.unusable).isEmpty();
		}
	}

	@Test
	void aStoredUnixSocketWhoseFileIsGoneOrAnothersIsForgotten() throws IOException {
		Path path = this.directory.resolve("s");
		StoredName name = new StoredName(ListenerKey.of("local", UnixDomainSocketAddress.of(path)), "1:4711");
		this.environment.put("LISTEN_FDNAMES", WEB_NAME + ":" + name);
		this.posix.listens(WEB, 3);
		this.posix.listens(UnixDomainSocketAddress.of(path), 4);
		assertThat(sockets()).extracting(InheritedListener::descriptor).containsExactly(3);
		try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			other.bind(UnixDomainSocketAddress.of(path));
			assertThat(sockets()).extracting(InheritedListener::descriptor).containsExactly(3);
		}
		assertThat(this.posix.closed()).containsExactly(4, 4);
		assertThat(this.unusable).containsExactly(name, name);
	}

	@Test
	void aStoredSocketThatNobodyCanConnectToIsForgotten() {
		this.environment.put("LISTEN_FDNAMES", WEB_NAME + ":");
		this.posix.listens(WEB, 3);
		this.posix.listens(EVERYWHERE, 4);
		this.posix.failAt("acceptNewcomers 3");
		assertThat(sockets()).extracting(InheritedListener::descriptor).containsExactly(4);
		assertThat(this.posix.closed()).containsExactly(3);
		assertThat(this.unusable).containsExactly(WEB_NAME);
	}

	private List<InheritedListener> sockets() {
		return PassedSockets.of(this.environment::get, 4711, () -> this.posix, this.unusable::add);
	}

}
