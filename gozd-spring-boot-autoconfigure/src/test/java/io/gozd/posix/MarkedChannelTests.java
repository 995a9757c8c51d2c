package io.gozd.posix;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class MarkedChannelTests {

	private final Native system = new Native();

	@TempDir
	private Path directory;

	private ServerSocketChannel listener;

	private SocketChannel client;

	private SocketChannel accepted;

	@BeforeEach
	void connect() throws IOException {
		UnixDomainSocketAddress address = UnixDomainSocketAddress.of(this.directory.resolve("s"));
		this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
		this.client = SocketChannel.open(address);
		this.accepted = this.listener.accept();
	}

	@AfterEach
	void close() throws IOException {
		this.accepted.close();
		this.client.close();
		this.listener.close();
	}

	@Test
	void findsEachDescriptorAndLeavesTheOptionAsItWas() throws IOException {
		this.client.setOption(StandardSocketOptions.SO_LINGER, 7);
		Set<Integer> found = new HashSet<>();
		for (SocketChannel channel : List.of(this.client, this.accepted)) {
			found.add(MarkedChannel.use(this.system, channel, (fd) -> fd));
		}
		assertThat(found).hasSize(2).isSubsetOf(Descriptors.sockets());
		assertThat(this.client.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(7);
		assertThat(this.accepted.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
	}

	@Test
	void theDescriptorIsTheChannels() throws IOException {
		MarkedChannel.use(this.system, this.accepted, (fd) -> this.system.libc().shutdown(fd, 1));
		assertThat(this.client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
	}

	@Test
	void aResultIsWorthNothingIfTheChannelWasClosedMeanwhile() {
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> MarkedChannel.use(this.system, this.accepted, (fd) -> {
				this.accepted.close();
				return fd;
			}));
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> MarkedChannel.use(this.system, this.accepted, (fd) -> fd));
	}

	@Test
	void twoDescriptorsOfOneConnectionAreNotToldApart() throws IOException {
		Posix posix = NativePosix.get();
		int fd = MarkedChannel.use(this.system, this.accepted, (found) -> found);
		int copy = posix.duplicate(fd);
		try {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> MarkedChannel.use(this.system, this.accepted, (found) -> found))
				.withMessageContaining("not to be found");
		}
		finally {
			posix.close(copy);
		}
	}

	@Test
	void thePeerIsKnown() throws IOException {
		PeerCredentials peer = NativePosix.get().peer(this.accepted);
		assertThat(peer.pid()).isEqualTo(ProcessHandle.current().pid());
		assertThat(peer.uid()).isEqualTo(ProcessFile.self().effectiveUser());
	}

	@Test
	void itIsFoundAmongMany() throws IOException {
		List<SocketChannel> others = new ArrayList<>();
		try {
			for (int i = 0; i < 20; i++) {
				others.add(SocketChannel.open(this.listener.getLocalAddress()));
			}
			int found = MarkedChannel.use(this.system, this.accepted, (fd) -> fd);
			assertThat(Descriptors.sockets()).contains(found);
		}
		finally {
			for (SocketChannel other : others) {
				other.close();
			}
		}
	}

}
