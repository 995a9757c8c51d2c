package io.gozd.autoconfigure;

import io.gozd.boot.PlainEnvironment;
import io.gozd.daemon.DaemonException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class UnappliedUserTests {

	private final PlainEnvironment environment = new PlainEnvironment();

	@Test
	void rootThatWasToBeAnotherDoesNotStart() {
		this.environment.withProperty("gozd.user", "www");
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> new UnappliedUser("it needs /proc", true).check(this.environment))
			.withMessage("gozd.user=www can't be applied, and this process is root: it needs /proc")
			.satisfies((ex) -> assertThat(ex.action()).contains("java -jar"));
	}

	@Test
	void whoIsNotRootOrMeansRootStarts() {
		new UnappliedUser("it needs /proc", true).check(this.environment);
		this.environment.withProperty("gozd.user", "www");
		new UnappliedUser("it needs /proc", false).check(this.environment);
		this.environment.withProperty("gozd.user", "root");
		new UnappliedUser("it needs /proc", true).check(this.environment);
		this.environment.withProperty("gozd.user", "www");
		this.environment.withProperty("gozd.enabled", "false");
		new UnappliedUser("it needs /proc", true).check(this.environment);
	}

}
