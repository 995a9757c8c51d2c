package io.gozd.daemon;

import java.nio.file.Path;
import java.util.List;

import io.gozd.posix.Account;
import io.gozd.posix.FakePosix;
import io.gozd.posix.FakeProcessControl;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class LogfileTests {

	private final FakeProcessControl control = new FakeProcessControl();

	private final FakePosix posix = new FakePosix();

	private final Logfile logfile = new Logfile(Path.of("/var/log/my.log"), () -> this.control, () -> this.posix);

	@Test
	void outputGoesToTheFileOnceItIsTaken() {
		this.logfile.open(null);
		assertThat(this.control.calls()).containsExactly("open /var/log/my.log");
		assertThat(this.posix.takeCalls()).isEmpty();
		this.logfile.take();
		assertThat(this.posix.takeCalls()).containsExactly("duplicate 500 over 1", "duplicate 500 over 2");
		assertThat(this.posix.closed()).containsExactly(500);
	}

	@Test
	void isTakenOnce() {
		this.logfile.take();
		this.logfile.open(null);
		this.logfile.take();
		this.posix.takeCalls();
		this.logfile.take();
		assertThat(this.posix.takeCalls()).isEmpty();
		assertThat(this.posix.closed()).containsExactly(500);
	}

	@Test
	void isOpenedForTheUserThatTheProcessBecomes() {
		this.logfile.open(new Account("www", 33, 33, List.of(33L), null));
		assertThat(this.control.calls()).containsExactly("open /var/log/my.log for www");
	}

	@Test
	void isOpenedAnewByItsName() {
		this.logfile.open(null);
		this.logfile.take();
		this.posix.takeCalls();
		this.logfile.reopen();
		assertThat(this.control.calls()).containsExactly("open /var/log/my.log", "open /var/log/my.log");
		assertThat(this.posix.takeCalls()).containsExactly("duplicate 501 over 1", "duplicate 501 over 2");
		assertThat(this.posix.closed()).containsExactly(500, 501);
	}

	@Test
	void theOutputGoesOnWhereTheFileCanNotBeOpenedAnew() {
		this.control.failAt("open");
		this.logfile.reopen();
		assertThat(this.posix.takeCalls()).isEmpty();
		assertThat(this.posix.closed()).isEmpty();
	}

	@Test
	void aStartThatCanNotOpenItFails() {
		this.control.failAt("open");
		assertThatExceptionOfType(DaemonException.class).isThrownBy(() -> this.logfile.open(null))
			.withMessage("gozd.logfile=/var/log/my.log can't be opened: Operation not permitted")
			.satisfies((ex) -> assertThat(ex.action()).contains("directory"));
	}

	@Test
	void givesTheOutputBackOrLetsItLeadNowhere() {
		this.logfile.giveBack();
		assertThat(this.posix.takeCalls()).containsExactly("discard 1", "discard 2");
		this.logfile.keepOriginal();
		this.logfile.open(null);
		this.logfile.take();
		this.posix.takeCalls();
		this.logfile.giveBack();
		assertThat(this.posix.takeCalls()).containsExactly("duplicate 1000 over 1", "duplicate 1001 over 2");
	}

}
