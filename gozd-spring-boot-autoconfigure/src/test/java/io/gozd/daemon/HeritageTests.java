package io.gozd.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Map;

import io.gozd.handover.Message;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.SocketFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class HeritageTests {

	private static final InetSocketAddress WEB = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

	private static final InetSocketAddress ADMIN = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9090);

	@Test
	void whatIsSentIsWhatIsReceived() throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			ListenerKey web = ListenerKey.of("web", WEB);
			ListenerKey admin = ListenerKey.of("admin", ADMIN);
			Message table = Heritage.table(List.of(new Listener(web, channel, WEB, WEB, null, 50),
					new Listener(admin, channel, ADMIN, ADMIN, null, 100)));
			assertThat(Heritage.descriptors(table)).isEqualTo(4);
			Heritage heritage = Heritage.of(table, List.of(10, 11, 12, 13));
			assertThat(heritage.output()).containsExactly(10, 11);
			assertThat(heritage.listeners()).containsExactly(new InheritedListener(web, WEB, WEB, null, 50, 12),
					new InheritedListener(admin, ADMIN, ADMIN, null, 100, 13));
		}
	}

	@Test
	void whatBelongsToAServiceManagerDoesSoInEveryGeneration() throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			ListenerKey web = ListenerKey.of("web", WEB);
			Message table = Heritage.table(List.of(new Listener(web, channel, WEB, WEB, null, 50, "my-id", true)));
			assertThat(Heritage.of(table, List.of(10, 11, 12)).listeners())
				.containsExactly(new InheritedListener(web, WEB, WEB, null, 50, 12, "my-id", true));
		}
	}

	@Test
	void aDaemonWithoutListenersPassesItsOutputOn() throws IOException {
		Message table = Heritage.table(List.of());
		assertThat(Heritage.of(table, List.of(10, 11))).isEqualTo(new Heritage(List.of(), List.of(10, 11)));
	}

	@Test
	void fieldsOfANewerReleaseMeanNothing() throws IOException {
		Message table = Heritage.table(List.of()).with("colour.0", "green");
		assertThat(Heritage.of(table, List.of(10, 11)).listeners()).isEmpty();
	}

	@Test
	void aTableWithoutNumbersIsRefused() {
		assertThatIOException().isThrownBy(() -> Heritage.descriptors(Message.of(Message.TABLE)));
		assertThatIOException().isThrownBy(() -> Heritage.descriptors(Message.of(Message.TABLE).with("outputs", 2)));
	}

	@Test
	void aUnixSocketIsPassedWithItsNameInTheKernelAndItsFile() throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			UnixDomainSocketAddress address = UnixDomainSocketAddress.of("/run/my daemon/web.sock");
			UnixDomainSocketAddress name = UnixDomainSocketAddress.of("/run/my daemon/.gozd4711/web.sock");
			SocketFile file = new SocketFile(address.getPath(), "26:4711");
			ListenerKey key = ListenerKey.of("web", address);
			Message table = Heritage.table(List.of(new Listener(key, channel, address, name, file, 50)));
			assertThat(Heritage.of(table, List.of(10, 11, 12)).listeners())
				.containsExactly(new InheritedListener(key, address, name, file, 50, 12));
		}
	}

	@Test
	void anAbstractNameHasNoFile() throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			UnixDomainSocketAddress address = UnixDomainSocketAddress.of("@web");
			ListenerKey key = ListenerKey.of("web", address);
			Message table = Heritage.table(List.of(new Listener(key, channel, address, address, null, 50)));
			assertThat(Heritage.of(table, List.of(10, 11, 12)).listeners())
				.containsExactly(new InheritedListener(key, address, address, null, 50, 12));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "listeners.0", "address.0", "name.0", "inode.0" })
	void anEntryThatIsNotWholeIsRefused(String missing) {
		assertThatIOException().isThrownBy(() -> Heritage.of(table(missing), List.of(10, 11, 12)))
			.withMessage("The table of listeners has no entry 0");
	}

	@Test
	void aBacklogThatIsMissingIsRefused() {
		assertThatIOException().isThrownBy(() -> Heritage.of(table("backlog.0"), List.of(10, 11, 12)))
			.withMessageContaining("backlog.0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "address.0", "name.0" })
	void anAddressThatIsNoneIsRefused(String field) {
		Message table = table(field).with(field, "nowhere");
		assertThatIOException().isThrownBy(() -> Heritage.of(table, List.of(10, 11, 12)))
			.withMessageContaining("nowhere");
	}

	/** A table of one listener, but for a field. */
	private static Message table(String missing) {
		Message table = Message.of(Message.TABLE).with("outputs", 2).with("listeners", 1);
		Map<String, String> fields = Map.of("listeners.0", "tcp:*:80", "address.0", "0.0.0.0 80", "name.0",
				"0.0.0.0 80", "inode.0", "", "backlog.0", "50");
		for (Map.Entry<String, String> field : fields.entrySet()) {
			if (!field.getKey().equals(missing)) {
				table = table.with(field.getKey(), field.getValue());
			}
		}
		return table;
	}

}
