package io.gozd.listener;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;

import io.gozd.posix.FakePosix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

final class DirectivesTests {

	private final ListenerTable table = new ListenerTable(FakePosix::new, List::of);

	@TempDir
	private Path directory;

	@AfterEach
	void close() throws IOException {
		for (Listener listener : this.table.open()) {
			listener.channel().close();
		}
	}

	@Test
	void areKnownByTheirIdsInTheOrderOfTheConfiguration() {
		Directive web = SomeDirective.tcp("web");
		Directive admin = SomeDirective.tcp("admin");
		Directives directives = new Directives(List.of(web, admin), this.table);
		assertThat(directives.all()).containsExactly(web, admin);
		assertThat(directives.get("admin")).isSameAs(admin);
		assertThat(directives.get("nobody")).isNull();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(directives.all()::clear);
	}

	@Test
	void allAreOpenBeforeAnybodyServesOne() throws IOException {
		Directives directives = new Directives(
				List.of(SomeDirective.tcp("web"), SomeDirective.unix("fcgi", this.directory.resolve("fcgi.sock"))),
				this.table);
		assertThat(this.table.open()).isEmpty();
		assertThat(directives.open()).isEmpty();
		List<Listener> open = this.table.open();
		assertThat(open).hasSize(2).allMatch((listener) -> listener.channel().isOpen());
		assertThat(directives.take("fcgi")).isSameAs(open.get(1));
		assertThat(directives.take("web")).isSameAs(open.get(0));
		assertThat(this.table.open()).hasSize(2);
	}

	@Test
	void everythingThatGoesWrongIsToldAndTheRestIsOpen() throws IOException {
		try (ServerSocketChannel stranger = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			Directive taken = SomeDirective.tcp("taken", (InetSocketAddress) stranger.getLocalAddress());
			Directive nowhere = SomeDirective.unix("nowhere", this.directory.resolve("missing/s"));
			Directives directives = new Directives(List.of(taken, SomeDirective.tcp("web"), nowhere), this.table);
			assertThat(directives.open()).containsOnlyKeys("taken", "nowhere")
				.hasEntrySatisfying("taken", (failure) -> assertThat(failure).isInstanceOf(BindException.class));
			assertThat(this.table.open()).extracting(Listener::key).containsExactly(directives.get("web").key());
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> directives.take("taken"));
			stranger.close();
			assertThat(directives.take("taken").channel().isOpen()).isTrue();
		}
	}

	@Test
	void isServedOnce() throws IOException {
		Directives directives = new Directives(List.of(SomeDirective.tcp("web")), this.table);
		directives.open();
		directives.take("web");
		assertThatIllegalStateException().isThrownBy(() -> directives.take("web"))
			.withMessage("The directive gozd.directives.web is served already");
	}

	@Test
	void whatIsNotConfiguredIsNotServed() {
		Directives directives = new Directives(List.of(SomeDirective.tcp("web")), this.table);
		directives.open();
		assertThatIllegalArgumentException().isThrownBy(() -> directives.take("nobody"))
			.withMessage("There is no directive gozd.directives.nobody");
	}

	@Test
	void whatItsServerHasClosedIsOpenedAgain() throws IOException {
		Path path = this.directory.resolve("fcgi.sock");
		Directives directives = new Directives(List.of(SomeDirective.tcp("web"), SomeDirective.unix("fcgi", path)),
				this.table);
		directives.open();
		for (String id : List.of("web", "fcgi")) {
			Listener first = directives.take(id);
			first.channel().close();
			Listener second = directives.take(id);
			assertThat(second.channel()).isNotSameAs(first.channel());
			assertThat(second.channel().isOpen()).isTrue();
			assertThat(second.key()).isEqualTo(first.key());
		}
		assertThat(this.table.open()).hasSize(2);
	}

	@Test
	void whatNobodyServesIsToldAndCanBeClosed() throws IOException {
		Directives directives = new Directives(
				List.of(SomeDirective.tcp("web"), SomeDirective.tcp("echo"), SomeDirective.tcp("admin")), this.table);
		assertThat(directives.unserved()).containsExactly("web", "echo", "admin");
		directives.closeUnserved();
		directives.open();
		Listener echo = directives.take("echo");
		assertThat(directives.unserved()).containsExactly("web", "admin");
		directives.closeUnserved();
		assertThat(this.table.open()).containsExactly(echo);
	}

}
