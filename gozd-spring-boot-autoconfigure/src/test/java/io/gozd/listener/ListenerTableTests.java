package io.gozd.listener;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.gozd.posix.FakePosix;
import io.gozd.posix.ProcessFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

final class ListenerTableTests {

	private static final InetSocketAddress WEB = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

	private static final InetSocketAddress ADMIN = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9090);

	private static final InetSocketAddress EVERYWHERE = new InetSocketAddress(8080);

	private static final int BACKLOG = SomeDirective.BACKLOG;

	@TempDir
	private Path directory;

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
		for (Listener listener : this.table.open()) {
			listener.channel().close();
		}
		for (ServerSocketChannel channel : this.bound) {
			channel.close();
		}
		for (ServerSocketChannel channel : this.posix.adopted().values()) {
			channel.close();
		}
	}

	@Test
	void whereAListenerWasIsKnownAfterItsEnd() throws IOException {
		Listener listener = claim("web", WEB, this::bind);
		listener.channel().close();
		assertThat(this.table.open()).isEmpty();
		assertThat(this.table.addresses()).containsOnly(Map.entry(listener.key(), listener.address()));
	}

	@Test
	void whatWasPreparedIsClaimedAsItIs() throws IOException {
		Directive tcp = SomeDirective.tcp("web");
		Directive unix = SomeDirective.unix("local", this.directory.resolve("s"));
		this.table.prepare(tcp);
		this.table.prepare(unix);
		List<Listener> prepared = this.table.open();
		assertThat(prepared).hasSize(2);
		assertThat(this.table.claim(tcp)).isSameAs(prepared.get(0));
		assertThat(this.table.claim(unix)).isSameAs(prepared.get(1));
		assertThat(this.table.closePrepared()).isEmpty();
		assertThat(this.table.open()).containsExactlyElementsOf(prepared);
		assertThat(this.table.made()).containsExactly(prepared.get(1).file());
		assertThat(this.loaded).isZero();
	}

	@Test
	void whatWasPreparedForTheServersOwnAddressIsClaimedWithoutItsBinder() throws IOException {
		Directive web = SomeDirective.tcp("web");
		this.table.prepare(web);
		Listener listener = claim("web", (InetSocketAddress) web.address(), () -> {
			throw new BindException("Permission denied");
		});
		assertThat(listener.channel().isOpen()).isTrue();
	}

	@Test
	void whatWasPreparedForNobodyIsClosedAndItsFileRemoved() throws IOException {
		Path path = this.directory.resolve("s");
		this.table.prepare(SomeDirective.unix("local", path));
		assertThat(path).exists();
		assertThat(this.table.closePrepared()).hasSize(1)
			.allSatisfy((listener) -> assertThat(listener.channel().isOpen()).isFalse());
		assertThat(path).doesNotExist();
		assertThat(this.table.open()).isEmpty();
		assertThat(this.table.made()).isEmpty();
		assertThat(this.table.addresses()).isEmpty();
	}

	@Test
	void theFileOfAUnixSocketBelongsToWhomItIsPreparedFor() throws IOException {
		long user = ProcessFile.self().effectiveUser();
		assumeThat(user).as("only root can give files away").isZero();
		this.table.prepareFor(new FileOwner(4711, 4712));
		Path path = this.directory.resolve("s");
		this.table.prepare(SomeDirective.unix("local", path, "rw-rw----"));
		assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(4711);
		assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(4712);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-rw----");
	}

	@Test
	void aSocketThatIsMeantForADirectiveIsTakenWhateverItsAddress() throws IOException {
		InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7070);
		this.inheritance.add(new InheritedListener(key("any", WEB), WEB, WEB, null, 0, 20, "other", true));
		this.inheritance
			.add(new InheritedListener(key("any", elsewhere), elsewhere, elsewhere, null, 0, 21, "web", true));
		assertThat(this.table.unwanted()).hasSize(2);
		Listener byName = this.table.claim(SomeDirective.tcp("web", WEB));
		assertThat(byName.channel()).isSameAs(this.posix.adopted().get(21));
		assertThat(byName.address()).isEqualTo(elsewhere);
		assertThat(byName.supervised()).isTrue();
		assertThat(byName.id()).as("to be found by, by the successor").isEqualTo("web");
		assertThat(byName.key()).isEqualTo(key("any", elsewhere));
		Listener byAddress = claim("server", WEB, this::bind);
		assertThat(byAddress.channel()).isSameAs(this.posix.adopted().get(20));
		assertThat(this.table.unwanted()).isEmpty();
		assertThatExceptionOfType(SupervisedException.class).isThrownBy(() -> byAddress.refuseNewcomers(this.posix));
	}

	@Test
	void whatTheServiceManagerHasOpenedElsewhereDoesNotPushOutWhatIsServed() throws IOException {
		InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7070);
		this.inheritance
			.add(new InheritedListener(key("any", elsewhere), elsewhere, elsewhere, null, 0, 20, "web", true));
		this.inheritance.add(new InheritedListener(key("any", WEB), WEB, WEB, null, 0, 21, "other", true));
		Listener served = this.table.claim(SomeDirective.tcp("web", WEB));
		this.table.settle();
		assertThat(this.table.open()).hasSize(2).contains(served).extracting(Listener::id).contains("other");
	}

	@Test
	void ofTwoOfOneNameTheOneWithTheAddressIsTaken() throws IOException {
		this.inheritance.add(new InheritedListener(key("any", ADMIN), ADMIN, ADMIN, null, 0, 20, "web", true));
		this.inheritance.add(new InheritedListener(key("any", WEB), WEB, WEB, null, 0, 21, "web", true));
		assertThat(this.table.claim(SomeDirective.tcp("web", WEB)).channel()).isSameAs(this.posix.adopted().get(21));
	}

	@Test
	void bindsWhatWasNotInherited() throws IOException {
		Listener listener = claim("web", WEB, this::bind);
		assertThat(listener.key()).isEqualTo(key("web", WEB));
		assertThat(listener.channel()).isSameAs(this.bound.get(0));
		assertThat(listener.channel().isBlocking()).isFalse();
		assertThat(listener.address()).isEqualTo(this.bound.get(0).getLocalAddress());
		assertThat(listener.name()).isEqualTo(listener.address());
		assertThat(listener.file()).isNull();
		assertThat(listener.backlog()).isEqualTo(BACKLOG);
		assertThat(this.table.open()).containsExactly(listener);
	}

	@Test
	void nothingNativeIsLoadedToBind() throws IOException {
		claim("web", WEB, this::bind);
		this.table.settle();
		assertThat(this.loaded).isZero();
	}

	@Test
	void adoptsWhatWasInheritedAndReportsWhereItReallyListens() throws IOException {
		inherit("web", WEB, 7);
		Listener listener = claim("web", WEB, ListenerTableTests::neverBind);
		assertThat(listener.channel()).isSameAs(this.posix.adopted().get(7));
		assertThat(listener.address()).isEqualTo(WEB);
		assertThat(this.table.open()).containsExactly(listener);
	}

	@Test
	void aRenamedListenerKeepsItsSocket() throws IOException {
		inherit("web", WEB, 7);
		claim("server", WEB, ListenerTableTests::neverBind);
		assertThat(this.posix.adopted()).containsOnlyKeys(7);
	}

	@Test
	void aPortLeftToTheKernelIsKeptByName() throws IOException {
		InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		this.inheritance.add(new InheritedListener(key("web", any), WEB, WEB, null, BACKLOG, 7));
		this.inheritance.add(new InheritedListener(key("admin", any), ADMIN, ADMIN, null, BACKLOG, 8));
		assertThat(claim("admin", any, ListenerTableTests::neverBind).address()).isEqualTo(ADMIN);
		assertThat(claim("web", any, ListenerTableTests::neverBind).address()).isEqualTo(WEB);
	}

	@Test
	void asksForTheInheritanceOnceAndOnlyWhenItIsNeeded() throws IOException {
		assertThat(this.asked).isZero();
		assertThat(this.table.open()).isEmpty();
		assertThat(this.asked).isZero();
		claim("web", WEB, this::bind);
		claim("admin", ADMIN, this::bind);
		this.table.settle();
		assertThat(this.asked).isEqualTo(1);
	}

	@Test
	void aSocketIsInheritedOnce() throws IOException {
		inherit("web", WEB, 7);
		claim("web", WEB, ListenerTableTests::neverBind).channel().close();
		Listener again = claim("web", WEB, this::bind);
		assertThat(again.channel()).isSameAs(this.bound.get(0));
		assertThat(this.table.open()).containsExactly(again);
	}

	/** It listens on, whoever closes it here. */
	@Test
	void whatTheServiceManagerHasOpenedIsKeptAndPassedOn() throws IOException {
		this.inheritance.add(new InheritedListener(key("any", WEB), WEB, WEB, null, 0, 20, "web", true));
		assertThat(this.table.unwanted()).hasSize(1);
		this.table.settle();
		assertThat(this.posix.closed()).isEmpty();
		assertThat(this.table.unwanted()).isEmpty();
		assertThat(this.table.open()).singleElement().satisfies((kept) -> {
			assertThat(kept.channel()).isSameAs(this.posix.adopted().get(20));
			assertThat(kept.id()).isEqualTo("web");
			assertThat(kept.supervised()).isTrue();
		});
	}

	@Test
	void closesWhatNobodyWantsAnyMore() throws IOException {
		inherit("web", WEB, 7);
		inherit("admin", ADMIN, 8);
		claim("web", WEB, ListenerTableTests::neverBind);
		this.table.settle();
		this.table.settle();
		assertThat(this.posix.closed()).containsExactly(8);
		assertThat(this.posix.adopted().get(7).isOpen()).isTrue();
	}

	@Test
	void whatIsClosedAsUnwantedIsBoundAnewWhenItIsWantedAfterAll() throws IOException {
		inherit("admin", ADMIN, 8);
		this.table.settle();
		claim("admin", ADMIN, this::bind);
		assertThat(this.posix.adopted()).isEmpty();
		assertThat(this.bound).hasSize(1);
	}

	@Test
	void listsOnlyWhatIsOpen() throws IOException {
		Listener web = claim("web", WEB, this::bind);
		Listener admin = claim("admin", ADMIN, this::bind);
		web.channel().close();
		assertThat(this.table.open()).containsExactly(admin);
	}

	@Test
	void aBindThatFailsLeavesNothingBehind() throws IOException {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> claim("web", WEB, () -> {
			throw new BindException("Address already in use");
		}));
		assertThat(this.table.open()).isEmpty();
		claim("web", WEB, this::bind);
		assertThat(this.table.open()).hasSize(1);
	}

	@Test
	void anInheritedDescriptorThatIsNoListenerFailsTheClaim() throws IOException {
		inherit("web", WEB, 7);
		this.posix.breakDescriptor(7);
		assertThatIOException().isThrownBy(() -> claim("web", WEB, ListenerTableTests::neverBind));
		assertThat(this.table.open()).isEmpty();
		this.table.settle();
		assertThat(this.posix.closed()).as("closed once").containsExactly(7);
	}

	@Test
	void bindsADirectiveWithTheQueueThatIsConfigured() throws IOException {
		InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		Listener listener = this.table.claim(SomeDirective.of("web", any, "rw-rw-rw-", 7));
		assertThat(listener.key()).isEqualTo(key("web", any));
		assertThat(listener.backlog()).isEqualTo(7);
		assertThat(listener.channel().isBlocking()).isFalse();
		try (SocketChannel client = SocketChannel.open(listener.address());
				SocketChannel accepted = listener.channel().accept()) {
			assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
		}
	}

	@Test
	void aDirectiveAdoptsWhatHasItsAddressWhateverItsName() throws IOException {
		inherit("web", WEB, 7);
		assertThat(this.table.claim(SomeDirective.tcp("renamed", WEB)).channel()).isSameAs(this.posix.adopted().get(7));
		this.table.listen();
		assertThat(this.posix.takeCalls()).isEmpty();
	}

	@Test
	void anotherLengthOfTheQueueIsAskedForOnlyWhenTheGatesOpen() throws IOException {
		inherit("web", WEB, 7);
		this.posix.listens(WEB, 42);
		Listener listener = this.table.claim(SomeDirective.of("web", WEB, "rw-rw-rw-", 1000));
		assertThat(listener.backlog()).isEqualTo(1000);
		assertThat(this.posix.takeCalls()).isEmpty();
		this.table.listen();
		this.table.listen();
		assertThat(this.posix.takeCalls()).as("once").containsExactly("listen 42 queue 1000 beside []");
	}

	@Test
	void whatOverlapsWithTheIncumbentsIsReservedAndListensWhenTheGatesOpen() throws IOException {
		inherit("web", WEB, 7);
		inherit("admin", ADMIN, 8);
		Listener listener = claim("web", EVERYWHERE, ListenerTableTests::neverBind);
		assertThat(this.posix.takeCalls()).containsExactly("reserve " + EVERYWHERE + " beside [7]", "duplicate 1000");
		assertThat(listener.channel()).isSameAs(this.posix.adopted().get(1001));
		assertThat(listener.address()).isEqualTo(EVERYWHERE);
		assertThat(listener.name()).isEqualTo(EVERYWHERE);
		assertThat(this.posix.closed()).isEmpty();
		this.table.listen();
		assertThat(this.posix.takeCalls()).containsExactly("listen 1000 queue " + BACKLOG + " beside [7]");
		assertThat(this.posix.closed()).as("the descriptor that no channel has").containsExactly(1000);
		this.table.settle();
		assertThat(this.posix.closed()).as("the incumbent's").containsExactlyInAnyOrder(1000, 7, 8);
	}

	@Test
	void whatOverlapsListensAtOnceWhereThereIsNoIncumbent() throws IOException {
		this.table.listenAtOnce();
		inherit("web", WEB, 7);
		claim("web", EVERYWHERE, ListenerTableTests::neverBind);
		assertThat(this.posix.takeCalls()).containsExactly("reserve " + EVERYWHERE + " beside [7]", "duplicate 1000",
				"listen 1000 queue " + BACKLOG + " beside [7]");
		this.table.settle();
		assertThat(this.posix.closed()).containsExactly(1000, 7);
	}

	@Test
	void nothingIsLeftOfWhatCanNotListenAtOnce() throws IOException {
		this.table.listenAtOnce();
		inherit("web", WEB, 7);
		this.posix.failAt("listen");
		assertThatIOException().isThrownBy(() -> claim("web", EVERYWHERE, ListenerTableTests::neverBind));
		assertThat(this.posix.adopted().get(1001).isOpen()).isFalse();
		assertThat(this.table.open()).isEmpty();
	}

	@Test
	void nobodyListensBesideASocketThatTheServiceManagerNeverCloses() {
		this.inheritance.add(new InheritedListener(key("any", WEB), WEB, WEB, null, 0, 7, "my.socket", true));
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> claim("web", EVERYWHERE, ListenerTableTests::neverBind))
			.withMessageContaining("The service manager has opened tcp:127.0.0.1:8080, which overlaps");
		assertThat(this.posix.takeCalls()).isEmpty();
	}

	@Test
	void ofTwoWithOneAddressOneIsClosed() throws IOException {
		inherit("web", WEB, 7);
		inherit("other", WEB, 8);
		assertThat(claim("web", WEB, ListenerTableTests::neverBind).channel()).isSameAs(this.posix.adopted().get(8));
		assertThat(this.posix.closed()).containsExactly(7);
	}

	@Test
	void eachOfTheIncumbentsThatOverlapsIsANeighbour() throws IOException {
		InetSocketAddress other = new InetSocketAddress("127.0.0.2", 8080);
		inherit("web", WEB, 7);
		inherit("other", other, 8);
		inherit("admin", ADMIN, 9);
		claim("web", EVERYWHERE, ListenerTableTests::neverBind);
		assertThat(this.posix.takeCalls()).startsWith("reserve " + EVERYWHERE + " beside [7, 8]");
	}

	@Test
	void severalCloserAddressesTakeThePlaceOfAWildcard() throws IOException {
		InetSocketAddress other = new InetSocketAddress("127.0.0.2", 8080);
		inherit("web", EVERYWHERE, 7);
		claim("web", WEB, ListenerTableTests::neverBind);
		claim("other", other, ListenerTableTests::neverBind);
		this.posix.takeCalls();
		this.table.listen();
		assertThat(this.posix.takeCalls()).as("in their order")
			.containsExactly("listen 1000 queue " + BACKLOG + " beside [7]",
					"listen 1002 queue " + BACKLOG + " beside [7]");
		assertThat(this.posix.closed()).containsExactly(1000, 1002);
	}

	@Test
	void whatIsKeptIsNobodysNeighbour() throws IOException {
		inherit("web", WEB, 7);
		claim("web", WEB, ListenerTableTests::neverBind);
		claim("other", EVERYWHERE, this::bind);
		assertThat(this.posix.takeCalls()).isEmpty();
		assertThat(this.bound).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, 80, 127.0.0.1, 80, true", "127.0.0.1, 80, 0.0.0.0, 80, true",
			"::, 80, 127.0.0.1, 80, true", "0.0.0.0, 80, ::, 80, true", "127.0.0.1, 80, 127.0.0.1, 81, false",
			"0.0.0.0, 80, 0.0.0.0, 81, false", "127.0.0.1, 80, 127.0.0.2, 80, false", "127.0.0.1, 80, ::1, 80, false",
			"0.0.0.0, 0, 0.0.0.0, 0, false" })
	void overlapsWhereBothMeanAnAddress(String one, int port, String other, int otherPort, boolean overlap) {
		InetSocketAddress first = new InetSocketAddress(one, port);
		InetSocketAddress second = new InetSocketAddress(other, otherPort);
		assertThat(ListenerTable.overlap(first, second)).isEqualTo(overlap);
		assertThat(ListenerTable.overlap(second, first)).isEqualTo(overlap);
	}

	@ParameterizedTest
	@ValueSource(strings = { "reserve", "duplicate" })
	void aReservationThatFailsLeavesNothingBehind(String call) throws IOException {
		inherit("web", WEB, 7);
		this.posix.failAt(call);
		assertThatIOException().isThrownBy(() -> claim("web", EVERYWHERE, ListenerTableTests::neverBind))
			.withMessageStartingWith(call);
		assertThat(this.table.open()).isEmpty();
		assertThat(this.posix.closed()).isEqualTo(call.equals("reserve") ? List.of() : List.of(1000));
		this.posix.takeCalls();
		this.table.listen();
		assertThat(this.posix.takeCalls()).isEmpty();
	}

	@Test
	void aReservationThatCannotBeAdoptedLeavesNothingBehind() throws IOException {
		inherit("web", WEB, 7);
		this.posix.breakDescriptor(1001);
		assertThatIOException().isThrownBy(() -> claim("web", EVERYWHERE, ListenerTableTests::neverBind));
		assertThat(this.posix.closed()).containsExactlyInAnyOrder(1000, 1001);
		this.posix.takeCalls();
		this.table.listen();
		assertThat(this.posix.takeCalls()).isEmpty();
	}

	@Test
	void anAddressThatSomebodyTookMeanwhileIsSaidWhenTheGatesShallOpen() throws IOException {
		inherit("web", WEB, 7);
		claim("web", EVERYWHERE, ListenerTableTests::neverBind);
		this.posix.failAt("listen");
		assertThatIOException().isThrownBy(this.table::listen).withMessageStartingWith("listen 1000");
		assertThat(this.posix.closed()).contains(1000);
	}

	@Test
	void whatWasClosedMeanwhileDoesNotListen() throws IOException {
		inherit("web", WEB, 7);
		inherit("admin", ADMIN, 8);
		claim("web", EVERYWHERE, ListenerTableTests::neverBind).channel().close();
		this.table.claim(SomeDirective.of("admin", ADMIN, "rw-rw-rw-", 1000)).channel().close();
		this.posix.takeCalls();
		this.table.listen();
		assertThat(this.posix.takeCalls()).isEmpty();
		assertThat(this.posix.closed()).contains(1000);
	}

	@Test
	void bindsAUnixSocketWithoutNativeCode() throws IOException {
		Path path = this.directory.resolve("web.sock");
		Listener listener = this.table.claim(SomeDirective.unix("web", path, "rw-rw----"));
		assertThat(listener.key()).hasToString("unix:" + path);
		assertThat(listener.file()).isEqualTo(SocketFile.of(path));
		assertThat(mode(path)).isEqualTo("rw-rw----");
		assertThat(this.table.open()).containsExactly(listener);
		this.table.listen();
		this.table.settle();
		assertThat(path).exists();
		assertThat(this.loaded).isZero();
	}

	@Test
	void adoptsAUnixSocketAndChangesItsModeOnlyWhenTheDaemonIsItsOwn() throws IOException {
		Path path = inheritUnix("web.sock", "rw-rw-rw-", 7);
		InheritedListener inherited = this.inheritance.get(0);
		Listener listener = this.table.claim(SomeDirective.unix("renamed", path, "rw-------"));
		assertThat(listener.channel()).isSameAs(this.posix.adopted().get(7));
		assertThat(listener.address()).isEqualTo(inherited.address());
		assertThat(listener.name()).as("its name in the kernel stays").isEqualTo(inherited.name());
		assertThat(listener.file()).isEqualTo(inherited.file());
		this.table.listen();
		assertThat(mode(path)).isEqualTo("rw-rw-rw-");
		this.table.settle();
		assertThat(mode(path)).isEqualTo("rw-------");
		assertThat(this.posix.closed()).isEmpty();
	}

	@Test
	void theQueueOfAUnixSocketIsFoundByItsNameInTheKernel() throws IOException {
		Path path = inheritUnix("web.sock", "rw-rw-rw-", 7);
		this.posix.listens(this.inheritance.get(0).name(), 42);
		this.table.claim(SomeDirective.of("web", UnixDomainSocketAddress.of(path), "rw-rw-rw-", 1));
		this.table.listen();
		assertThat(this.posix.takeCalls()).containsExactly("listen 42 queue 1 beside []");
	}

	@Test
	void theFileOfWhatNobodyWantsGoesWhenTheDaemonIsItsOwnAndNotSooner() throws IOException {
		Path dropped = inheritUnix("dropped.sock", "rw-rw-rw-", 7);
		Path kept = inheritUnix("kept.sock", "rw-rw-rw-", 8);
		this.table.claim(SomeDirective.unix("kept", kept));
		this.table.listen();
		assertThat(dropped).exists();
		this.table.settle();
		assertThat(dropped).doesNotExist();
		assertThat(kept).exists();
		assertThat(this.posix.closed()).containsExactly(7);
	}

	@Test
	void aForeignFileAtThePlaceOfWhatNobodyWantsStays() throws IOException {
		Path dropped = inheritUnix("dropped.sock", "rw-rw-rw-", 7);
		replace(dropped);
		this.table.settle();
		assertThat(dropped).hasContent("foreign");
		assertThat(this.posix.closed()).containsExactly(7);
	}

	@Test
	void aFileThatCannotBeRemovedDoesNotKeepTheRest() throws IOException {
		Path gone = Files.createDirectory(this.directory.resolve("gone"));
		inheritUnix("gone/stuck.sock", "rw-rw-rw-", 7);
		Path dropped = inheritUnix("dropped.sock", "rw-rw-rw-", 8);
		Path kept = inheritUnix("kept.sock", "rw-rw-rw-", 9);
		this.table.claim(SomeDirective.unix("kept", kept, "rw-------"));
		Files.delete(gone.resolve("stuck.sock"));
		Files.delete(gone);
		Files.createSymbolicLink(gone, gone);
		assertThatIOException().isThrownBy(this.table::settle).withMessageContaining("gone");
		assertThat(dropped).doesNotExist();
		assertThat(mode(kept)).isEqualTo("rw-------");
		assertThat(this.posix.closed()).containsExactly(7, 8);
	}

	@Test
	void whoGivesUpRemovesOnlyWhatHeHasMade() throws IOException {
		Path kept = inheritUnix("kept.sock", "rw-rw-rw-", 7);
		Path dropped = inheritUnix("dropped.sock", "rw-rw-rw-", 8);
		Path made = this.directory.resolve("made.sock");
		this.table.claim(SomeDirective.unix("kept", kept, "rw-------"));
		this.table.claim(SomeDirective.unix("made", made));
		assertThat(made).exists();
		this.table.abandon();
		this.table.abandon();
		assertThat(made).doesNotExist();
		assertThat(kept).exists();
		assertThat(dropped).exists();
		assertThat(mode(kept)).isEqualTo("rw-rw-rw-");
	}

	@Test
	void theLastRemovesEveryFileOfItsOwn() throws IOException {
		Path kept = inheritUnix("kept.sock", "rw-rw-rw-", 7);
		Path made = this.directory.resolve("made.sock");
		Path lost = this.directory.resolve("lost.sock");
		this.table.claim(SomeDirective.unix("kept", kept));
		this.table.claim(SomeDirective.unix("made", made));
		this.table.claim(SomeDirective.unix("lost", lost));
		claim("web", WEB, this::bind);
		replace(lost);
		this.table.removeFiles();
		assertThat(kept).doesNotExist();
		assertThat(made).doesNotExist();
		assertThat(lost).hasContent("foreign");
	}

	@Test
	void aUnixSocketThatWasClosedIsMadeAnewAndItsFileIsTheNewOne() throws IOException {
		Path path = this.directory.resolve("web.sock");
		Listener first = this.table.claim(SomeDirective.unix("web", path));
		first.channel().close();
		Listener second = this.table.claim(SomeDirective.unix("web", path));
		assertThat(this.table.open()).containsExactly(second);
		assertThat(second.file().isInPlace()).isTrue();
		this.table.removeFiles();
		assertThat(path).doesNotExist();
	}

	@Test
	void anAbstractNameIsListenedOnNativelyAndHasNoFile() throws IOException {
		UnixDomainSocketAddress address = UnixDomainSocketAddress.of("@web");
		Listener listener = this.table.claim(SomeDirective.of("web", address, "rw-rw-rw-", 7));
		assertThat(this.posix.takeCalls()).containsExactly("listenAbstract web queue 7");
		assertThat(listener.channel()).isSameAs(this.posix.adopted().get(1000));
		assertThat(listener.address()).isEqualTo(address);
		assertThat(listener.name()).isEqualTo(address);
		assertThat(listener.file()).isNull();
		this.table.abandon();
		this.table.removeFiles();
		this.table.settle();
		assertThat(this.posix.closed()).isEmpty();
	}

	@Test
	void anAbstractNameIsAdopted() throws IOException {
		UnixDomainSocketAddress address = UnixDomainSocketAddress.of("@web");
		this.inheritance.add(new InheritedListener(ListenerKey.of("web", address), address, address, null, BACKLOG, 7));
		Listener listener = this.table.claim(SomeDirective.of("renamed", address, "rw-------", BACKLOG));
		assertThat(listener.channel()).isSameAs(this.posix.adopted().get(7));
		this.table.settle();
		assertThat(this.posix.takeCalls()).isEmpty();
	}

	/** A Unix socket of the incumbent; its name in the kernel is another. */
	private Path inheritUnix(String name, String mode, int descriptor) throws IOException {
		Path path = this.directory.resolve(name);
		UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
		ServerSocketChannel incumbents = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
		this.bound.add(incumbents);
		Files.setPosixFilePermissions(path, SomeDirective.mode(mode));
		this.inheritance.add(new InheritedListener(ListenerKey.of(name, address), address,
				UnixDomainSocketAddress.of("/tmp/.gozd" + descriptor), SocketFile.of(path), BACKLOG, descriptor));
		return path;
	}

	private void replace(Path path) throws IOException {
		Path other = Files.writeString(this.directory.resolve("other"), "foreign");
		Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
	}

	private static String mode(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
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
		this.inheritance.add(new InheritedListener(key(id, (InetSocketAddress) address), address, address, null,
				BACKLOG, descriptor));
	}

	private Listener claim(String id, InetSocketAddress address, ListenerTable.Binder binder) throws IOException {
		return this.table.claim(key(id, address), id, address, BACKLOG, binder);
	}

	private static ListenerKey key(String id, InetSocketAddress address) {
		return ListenerKey.of(id, address);
	}

}
