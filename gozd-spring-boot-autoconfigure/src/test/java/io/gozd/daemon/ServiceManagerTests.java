package io.gozd.daemon;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.gozd.listener.ListenerKey;
import io.gozd.posix.FakePosix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class ServiceManagerTests {

	private static final StoredName WEB = new StoredName(ListenerKey.of("web", new InetSocketAddress(8080)), null);

	private static final String TO = "to /run/notify: ";

	private final Map<String, String> environment = new HashMap<>(Map.of("NOTIFY_SOCKET", "/run/notify"));

	private final FakePosix posix = new FakePosix();

	private int loaded;

	@Test
	void tellsOfAStart() {
		ServiceManager manager = manager(1);
		manager.starts(Duration.ofMinutes(2));
		manager.serves();
		assertThat(this.posix.takeCalls()).containsExactly(
				TO + "EXTEND_TIMEOUT_USEC=120000000\nSTATUS=Generation 1 starts",
				TO + "READY=1\nMAINPID=4711\nSTATUS=Generation 1 serves");
	}

	@Test
	void tellsOfASwapAndIsSilentAfterwards() {
		ServiceManager manager = manager(1);
		manager.reloads(Duration.ofSeconds(1));
		manager.handsOver(4712);
		manager.stops(Duration.ofSeconds(1), List.of());
		manager.feedWatchdog();
		assertThat(this.posix.takeCalls()).containsExactly(TO
				+ "RELOADING=1\nMONOTONIC_USEC=1234567\nEXTEND_TIMEOUT_USEC=1000000\nSTATUS=Generation 1 serves, generation 2 starts",
				TO + "MAINPID=4712\nREADY=1\nSTATUS=Generation 2 serves");
	}

	@Test
	void tellsOfAReloadThatFailedInOneLine() {
		manager(2).reloadFailed("the successor ended\nwith exit code 1 " + "x".repeat(1000));
		assertThat(this.posix.takeCalls()).singleElement()
			.asString()
			.startsWith(
					TO + "READY=1\nSTATUS=Generation 2 serves. Reload failed: the successor ended with exit code 1 x")
			.hasSizeLessThan(500);
	}

	@Test
	void tellsOfTheEnd() {
		manager(3).stops(Duration.ofMillis(1500), List.of());
		assertThat(this.posix.takeCalls())
			.containsExactly(TO + "STOPPING=1\nEXTEND_TIMEOUT_USEC=1500000\nSTATUS=Drains");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "notify", "vsock:2:1234" })
	void saysNothingWhereNobodyListens(String socket) {
		this.environment.put("NOTIFY_SOCKET", socket);
		this.environment.put("WATCHDOG_USEC", "3000000");
		ServiceManager manager = manager(1);
		manager.starts(Duration.ofMinutes(2));
		manager.serves();
		assertThat(manager.watchdogInterval()).isNull();
		assertThat(this.posix.takeCalls()).isEmpty();
		assertThat(this.loaded).as("native code is not loaded for it").isZero();
	}

	@Test
	void whoDoesNotListenIsNoFailure() {
		this.posix.failAt("to");
		manager(1).serves();
		assertThat(this.posix.takeCalls()).hasSize(1);
	}

	@Test
	void theWatchdogIsFedThreeTimesAsOftenAsNeeded() {
		this.environment.put("WATCHDOG_USEC", "3000000");
		assertThat(manager(1).watchdogInterval()).isEqualTo(Duration.ofSeconds(1));
		this.environment.put("WATCHDOG_PID", "4711");
		assertThat(manager(1).watchdogInterval()).isEqualTo(Duration.ofSeconds(1));
		this.environment.put("WATCHDOG_PID", "4700");
		assertThat(manager(1).watchdogInterval()).as("it watches another process").isNull();
		assertThat(manager(2).watchdogInterval()).as("it watched the first").isEqualTo(Duration.ofSeconds(1));
		this.environment.put("WATCHDOG_USEC", "soon");
		assertThat(manager(2).watchdogInterval()).isNull();
		manager(1).feedWatchdog();
		assertThat(this.posix.takeCalls()).containsExactly(TO + "WATCHDOG=1");
	}

	@Test
	void listenersAreStoredWhereThereIsAStore() {
		ServiceManager without = manager(1);
		without.store(Map.of(WEB, 7));
		without.forget(WEB);
		assertThat(without.isStore()).isFalse();
		assertThat(this.posix.takeCalls()).isEmpty();
		this.environment.put("FDSTORE", "16");
		ServiceManager manager = manager(1);
		manager.store(Map.of(WEB, 7));
		manager.forget(WEB);
		assertThat(manager.isStore()).isTrue();
		assertThat(this.posix.takeCalls()).containsExactly(TO + "FDSTORE=1\nFDNAME=gozd|tcp|*|8080 with [7]",
				TO + "FDSTOREREMOVE=1\nFDNAME=gozd|tcp|*|8080");
	}

	@Test
	void whatIsStoredIsForgottenBeforeTheDaemonEnds() {
		this.environment.put("FDSTORE", "16");
		ServiceManager manager = manager(2);
		StoredName gone = new StoredName(new ListenerKey("tcp:*:81"), null);
		manager.forgetLater(List.of(gone));
		assertThat(this.posix.takeCalls()).as("the incumbent is the main process still").isEmpty();
		manager.stops(Duration.ofSeconds(1), List.of(WEB));
		assertThat(this.posix.takeCalls()).containsExactly(
				TO + "STOPPING=1\nEXTEND_TIMEOUT_USEC=1000000\nSTATUS=Drains",
				TO + "FDSTOREREMOVE=1\nFDNAME=gozd|tcp|*|8080", TO + "FDSTOREREMOVE=1\nFDNAME=gozd|tcp|*|81");
		manager.forgetStale();
		assertThat(this.posix.takeCalls()).as("its first word may have come too early")
			.containsExactly(TO + "FDSTOREREMOVE=1\nFDNAME=gozd|tcp|*|81");
	}

	@Test
	void whoIsNotTheMainProcessSaysNothingWhileTheDaemonEnds() {
		ServiceManager manager = manager(2);
		assertThat(manager.isTold()).isTrue();
		assertThat(manager.endsAll()).isTrue();
		manager.leavesItToTheIncumbent();
		manager.serves();
		manager.stops(Duration.ofSeconds(1), List.of(WEB));
		assertThat(manager.isTold()).isFalse();
		assertThat(manager.endsAll()).isFalse();
		assertThat(this.posix.takeCalls()).isEmpty();
	}

	@Test
	void theEndOfTheMainProcessEndsAServiceOfAnyKind() {
		this.environment.remove("NOTIFY_SOCKET");
		assertThat(manager(1).endsAll()).isFalse();
		this.environment.put("INVOCATION_ID", "0f1e2d3c");
		ServiceManager forking = manager(2);
		forking.leavesItToTheIncumbent();
		assertThat(forking.endsAll()).isTrue();
		assertThat(forking.isTold()).isFalse();
	}

	@Test
	void aNameLeadsBackToItsListener() {
		for (StoredName name : List.of(WEB, name("tcp:[::1]:8080", null), name("tcp:*:0#web", null),
				name("unix:/run/my.sock", "26:4711"), name("unix:/run/a|b%c:d e.sock", "26:1"),
				name("unix:/run/\u00fc\u4e2d.sock", "26:2"), name("unix:@abstract", null))) {
			assertThat(name.toString()).matches("[!-~&&[^:]]+");
			assertThat(StoredName.parse(name.toString())).isEqualTo(name);
		}
		assertThat(name("unix:/run/my.sock", "26:4711")).hasToString("gozd|26.4711|unix|/run/my.sock");
		assertThat(StoredName.parse("my-app.socket")).isNull();
	}

	@Test
	void aNameThatIsTooLongIsNotStored() {
		this.environment.put("FDSTORE", "16");
		StoredName name = name("unix:/run/" + "\u4e2d".repeat(30), "26:1");
		assertThat(name.isValid()).isFalse();
		ServiceManager manager = manager(1);
		manager.store(Map.of(name, 7));
		manager.forget(name);
		assertThat(this.posix.takeCalls()).isEmpty();
	}

	private static StoredName name(String key, @Nullable String inode) {
		return new StoredName(new ListenerKey(key), inode);
	}

	private ServiceManager manager(int generation) {
		return new ServiceManager(this.environment::get, generation, 4711, () -> {
			this.loaded++;
			return this.posix;
		}, () -> 1_234_567_890L);
	}

}
