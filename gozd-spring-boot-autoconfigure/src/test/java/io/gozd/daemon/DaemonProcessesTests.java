package io.gozd.daemon;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.gozd.handover.Message;
import io.gozd.posix.Descriptors;
import io.gozd.posix.NativePosix;
import io.gozd.posix.Posix;
import io.gozd.posix.UnixConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class DaemonProcessesTests {

	private static final long OWN = ProcessHandle.current().pid();

	private static final int MOST_THAT_WAIT = 5000;

	@TempDir
	private Path directory;

	private final List<ServerSocketChannel> sockets = new ArrayList<>();

	private DaemonProcesses processes;

	@BeforeEach
	void look() throws IOException {
		this.processes = at(this.directory);
	}

	@AfterEach
	void close() throws IOException {
		for (ServerSocketChannel socket : this.sockets) {
			socket.close();
		}
	}

	private static DaemonProcesses at(Path directory) throws IOException {
		return DaemonProcesses.of(new DaemonSettings("test", true, directory, null, Duration.ofMinutes(1),
				Duration.ofMinutes(1), Duration.ofSeconds(1), 3));
	}

	@Test
	void whereNobodyHasEverStartedThereIsNobody() throws IOException {
		DaemonProcesses nobody = at(this.directory.resolve("missing"));
		assertThat(nobody.incumbent()).isEmpty();
		assertThat(nobody.all()).isEmpty();
	}

	@Test
	void theOneThatTheLinkNamesHasTheDaemon() throws IOException {
		listen("1-4711.sock");
		listen("2-4712.sock");
		link("2-4712.sock");
		GenerationProcess incumbent = this.processes.incumbent().orElseThrow();
		assertThat(incumbent.generation()).isEqualTo(2);
		assertThat(incumbent.pid()).isEqualTo(4712);
		assertThat(this.processes.all()).extracting(GenerationProcess::pid).containsExactly(4711L, 4712L);
	}

	@Test
	void filesThatAKilledProcessHasLeftAreNobody() throws IOException {
		listen("1-4711.sock").close();
		link("1-4711.sock");
		Files.writeString(this.directory.resolve("pid"), OWN + "\n");
		assertThat(this.processes.incumbent()).isEmpty();
		assertThat(this.processes.all()).isEmpty();
	}

	@Test
	void aFileThatIsNoLinkIsNotOfADaemon() throws IOException {
		Files.createFile(this.directory.resolve("control.sock"));
		assertThatIOException().isThrownBy(this.processes::incumbent).withMessageContaining("was not made by a daemon");
	}

	@Test
	void aLinkToSomethingElseIsNobody() throws IOException {
		listen("other.sock");
		link("other.sock");
		assertThat(this.processes.incumbent()).isEmpty();
	}

	@Test
	void theProcessThatListensIsProven() throws IOException {
		listen("1-" + OWN + ".sock");
		assertThat(this.processes.all().get(0).prove().pid()).isEqualTo(OWN);
	}

	@Test
	void aProcessThatDoesNotListenIsNotProvenByTheNameOfAFile() throws IOException {
		long stranger = ProcessHandle.current().parent().orElseThrow().pid();
		listen("1-" + stranger + ".sock");
		assertThatIOException().isThrownBy(() -> this.processes.all().get(0).prove())
			.withMessageContaining("pid " + stranger + " is not of this daemon");
	}

	@Test
	void aLinkToASocketOfAnotherKindProvesNobody() throws IOException {
		listen("other.sock");
		Files.createSymbolicLink(this.directory.resolve("1-" + OWN + ".sock"), Path.of("other.sock"));
		assertThatIOException().isThrownBy(() -> this.processes.all().get(0).prove())
			.withMessageContaining("pid " + OWN + " is not of this daemon");
	}

	@Test
	void whereALinkLeadsNobodyIsAsked() throws IOException {
		listen("other.sock");
		Files.createSymbolicLink(this.directory.resolve("1-" + OWN + ".sock"), Path.of("other.sock"));
		assertThatIOException()
			.isThrownBy(() -> this.processes.all().get(0).ask(Message.of(Message.STATUS), MOST_THAT_WAIT))
			.withMessageContaining("is a link");
	}

	@Test
	void aDirectoryThatIsALinkIsNotAskedIn() throws IOException {
		listen("1-" + OWN + ".sock");
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), this.directory);
		assertThatIOException().isThrownBy(() -> at(link).all().get(0).ask(Message.of(Message.STATUS), MOST_THAT_WAIT))
			.withMessageContaining("is a link");
	}

	/** As where it has ended, and its pid is used again. */
	@Test
	@SuppressWarnings("try")
	void whoHasBegunToListenAndHoldsTheSocketNoLongerIsNotProven() throws IOException {
		Posix posix = NativePosix.get();
		ServerSocketChannel channel = listen("1-" + OWN + ".sock");
		int descriptor = Descriptors.listening(posix, channel.getLocalAddress());
		ServerSocketChannel other = listen("other.sock");
		try (UnixConnection from = posix.connect(this.directory.resolve("other.sock"));
				UnixConnection to = posix.accept(other)) {
			from.send(ByteBuffer.wrap(new byte[] { 1 }), List.of(descriptor));
			channel.close();
			GenerationProcess process = this.processes.all().get(0);
			assertThatIOException().isThrownBy(process::prove)
				.withMessageContaining("pid " + OWN + " is not of this daemon");
		}
	}

	@Test
	void aProcessThatAcceptsNobodyIsProven() throws IOException {
		Path path = this.directory.resolve("1-" + OWN + ".sock");
		listen("1-" + OWN + ".sock");
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> fillQueue(path));
		assertThat(this.processes.all().get(0).prove().pid()).isEqualTo(OWN);
	}

	@Test
	void whatAKilledProcessHasLeftIsTidiedUp() throws IOException {
		listen("1-4711.sock").close();
		link("1-4711.sock");
		Path pid = Files.writeString(this.directory.resolve("pid"), "4711\n");
		this.processes.tidyUp(this.processes.first(4711));
		assertThat(pid).doesNotExist();
		assertThat(this.directory).isEmptyDirectory();
	}

	private static void fillQueue(Path path) throws IOException {
		for (int i = 0; i < MOST_THAT_WAIT; i++) {
			try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
				client.configureBlocking(false);
				client.connect(UnixDomainSocketAddress.of(path));
			}
		}
	}

	private ServerSocketChannel listen(String name) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		this.sockets.add(channel);
		return channel.bind(UnixDomainSocketAddress.of(this.directory.resolve(name)));
	}

	private void link(String name) throws IOException {
		Files.createSymbolicLink(this.directory.resolve("control.sock"), Path.of(name));
	}

}
