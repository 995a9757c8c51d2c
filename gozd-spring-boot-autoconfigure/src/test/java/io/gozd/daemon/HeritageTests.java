package io.gozd.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

import io.gozd.handover.Message;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class HeritageTests {

	private static final InetSocketAddress WEB = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

	private static final InetSocketAddress ADMIN = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9090);

	@Test
	void whatIsSentIsWhatIsReceived() throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			ListenerKey web = ListenerKey.tcp("web", WEB);
			ListenerKey admin = ListenerKey.tcp("admin", ADMIN);
			Message table = Heritage
				.table(List.of(new Listener(web, channel, WEB), new Listener(admin, channel, ADMIN)));
			assertThat(Heritage.descriptors(table)).isEqualTo(4);
			Heritage heritage = Heritage.of(table, List.of(10, 11, 12, 13));
			assertThat(heritage.output()).containsExactly(10, 11);
			assertThat(heritage.listeners()).containsExactly(new InheritedListener(web, WEB, 12),
					new InheritedListener(admin, ADMIN, 13));
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

	@ParameterizedTest
	@CsvSource({ "key.0, tcp:*:80", "address.0, 0.0.0.0 80" })
	void anEntryThatIsNotWholeIsRefused(String field, String value) {
		Message table = Message.of(Message.TABLE).with("outputs", 2).with("listeners", 1).with(field, value);
		assertThatIOException().isThrownBy(() -> Heritage.of(table, List.of(10, 11, 12)))
			.withMessage("The table of listeners has no entry 0");
	}

	@Test
	void anAddressThatIsNoneIsRefused() {
		Message table = Message.of(Message.TABLE)
			.with("outputs", 2)
			.with("listeners", 1)
			.with("key.0", "tcp:*:80")
			.with("address.0", "nowhere");
		assertThatIOException().isThrownBy(() -> Heritage.of(table, List.of(10, 11, 12)))
			.withMessageContaining("nowhere");
	}

}
