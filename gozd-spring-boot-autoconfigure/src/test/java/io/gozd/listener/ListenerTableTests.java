package io.gozd.listener;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

import io.gozd.posix.FakePosix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class ListenerTableTests {

	private static final InetSocketAddress WEB = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

	private static final InetSocketAddress ADMIN = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9090);

	private final FakePosix posix = new FakePosix();

	private final List<ServerSocketChannel> bound = new ArrayList<>();

	private final List<InheritedListener> inheritance = new ArrayList<>();

	private int asked;

	private int loaded;

	private final ListenerTable table = new ListenerTable(() -> {
		this.loaded++;
		return this.posix;
	}, () -> {
		this.asked++;
		return this.inheritance;
	});

	@AfterEach
	void close() throws IOException {
		for (ServerSocketChannel channel : this.bound) {
			channel.close();
		}
		for (ServerSocketChannel channel : this.posix.adopted().values()) {
			channel.close();
		}
	}

	@Test
	void bindsWhatWasNotInherited() throws IOException {
		Listener listener = this.table.claim(key("web", WEB), this::bind);
		assertThat(listener.key()).isEqualTo(key("web", WEB));
		assertThat(listener.channel()).isSameAs(this.bound.get(0));
		assertThat(listener.channel().isBlocking()).isFalse();
		assertThat(listener.address()).isEqualTo(this.bound.get(0).getLocalAddress());
		assertThat(this.table.open()).containsExactly(listener);
	}

	@Test
	void nothingNativeIsLoadedToBind() throws IOException {
		this.table.claim(key("web", WEB), this::bind);
		this.table.closeUnclaimed();
		assertThat(this.loaded).isZero();
	}

	@Test
	void adoptsWhatWasInheritedAndReportsWhereItReallyListens() throws IOException {
		inherit("web", WEB, 7);
		Listener listener = this.table.claim(key("web", WEB), ListenerTableTests::neverBind);
		assertThat(listener.channel()).isSameAs(this.posix.adopted().get(7));
		assertThat(listener.address()).isEqualTo(WEB);
		assertThat(this.table.open()).containsExactly(listener);
	}

	@Test
	void aRenamedListenerKeepsItsSocket() throws IOException {
		inherit("web", WEB, 7);
		this.table.claim(key("server", WEB), ListenerTableTests::neverBind);
		assertThat(this.posix.adopted()).containsOnlyKeys(7);
	}

	@Test
	void aPortLeftToTheKernelIsKeptByName() throws IOException {
		InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		this.inheritance.add(new InheritedListener(key("web", any), WEB, 7));
		this.inheritance.add(new InheritedListener(key("admin", any), ADMIN, 8));
		assertThat(this.table.claim(key("admin", any), ListenerTableTests::neverBind).address()).isEqualTo(ADMIN);
		assertThat(this.table.claim(key("web", any), ListenerTableTests::neverBind).address()).isEqualTo(WEB);
	}

	@Test
	void asksForTheInheritanceOnceAndOnlyWhenItIsNeeded() throws IOException {
		assertThat(this.asked).isZero();
		assertThat(this.table.open()).isEmpty();
		assertThat(this.asked).isZero();
		this.table.claim(key("web", WEB), this::bind);
		this.table.claim(key("admin", ADMIN), this::bind);
		this.table.closeUnclaimed();
		assertThat(this.asked).isEqualTo(1);
	}

	@Test
	void aSocketIsInheritedOnce() throws IOException {
		inherit("web", WEB, 7);
		this.table.claim(key("web", WEB), ListenerTableTests::neverBind).channel().close();
		Listener again = this.table.claim(key("web", WEB), this::bind);
		assertThat(again.channel()).isSameAs(this.bound.get(0));
		assertThat(this.table.open()).containsExactly(again);
	}

	@Test
	void closesWhatNobodyWantsAnyMore() throws IOException {
		inherit("web", WEB, 7);
		inherit("admin", ADMIN, 8);
		this.table.claim(key("web", WEB), ListenerTableTests::neverBind);
		this.table.closeUnclaimed();
		this.table.closeUnclaimed();
		assertThat(this.posix.closed()).containsExactly(8);
		assertThat(this.posix.adopted().get(7).isOpen()).isTrue();
	}

	@Test
	void whatIsClosedAsUnwantedIsBoundAnewWhenItIsWantedAfterAll() throws IOException {
		inherit("admin", ADMIN, 8);
		this.table.closeUnclaimed();
		this.table.claim(key("admin", ADMIN), this::bind);
		assertThat(this.posix.adopted()).isEmpty();
		assertThat(this.bound).hasSize(1);
	}

	@Test
	void listsOnlyWhatIsOpen() throws IOException {
		Listener web = this.table.claim(key("web", WEB), this::bind);
		Listener admin = this.table.claim(key("admin", ADMIN), this::bind);
		web.channel().close();
		assertThat(this.table.open()).containsExactly(admin);
	}

	@Test
	void aBindThatFailsLeavesNothingBehind() throws IOException {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> this.table.claim(key("web", WEB), () -> {
			throw new BindException("Address already in use");
		}));
		assertThat(this.table.open()).isEmpty();
		this.table.claim(key("web", WEB), this::bind);
		assertThat(this.table.open()).hasSize(1);
	}

	@Test
	void anInheritedDescriptorThatIsNoListenerFailsTheClaim() {
		inherit("web", WEB, 7);
		this.posix.breakDescriptor(7);
		assertThatIOException().isThrownBy(() -> this.table.claim(key("web", WEB), ListenerTableTests::neverBind));
		assertThat(this.table.open()).isEmpty();
		this.table.closeUnclaimed();
		assertThat(this.posix.closed()).as("closed once").containsExactly(7);
	}

	private ServerSocketChannel bind() throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		this.bound.add(channel);
		return channel;
	}

	private static ServerSocketChannel neverBind() {
		throw new AssertionError("It was inherited");
	}

	private void inherit(String id, SocketAddress address, int descriptor) {
		this.inheritance.add(new InheritedListener(key(id, (InetSocketAddress) address), address, descriptor));
	}

	private static ListenerKey key(String id, InetSocketAddress address) {
		return ListenerKey.tcp(id, address);
	}

}
