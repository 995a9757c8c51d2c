package io.gozd.directive;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Set;

import io.gozd.listener.Directive;
import io.gozd.listener.Protocol;
import io.gozd.posix.SocketOwners;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class BindFaultsTests {

	private static final String USER = System.getProperty("user.name");

	private static final SocketAddress SOCKET = UnixDomainSocketAddress.of("/run/my/s.sock");

	private final BindFaults faults = new BindFaults(new SocketOwners(), ProcessHandle.current().pid());

	@Test
	void aPrivilegedPortNeedsARight() {
		InvalidValueException fault = fault(tcp(443), new BindException("Permission denied"));
		assertThat(fault.description()).isEqualTo("The user " + USER + " may not listen on ports below 1024");
		assertThat(fault.remedy()).contains("CAP_NET_BIND_SERVICE", "root", "from 1024 on");
	}

	@Test
	void anotherPortMayBeForbiddenToo() {
		assertThat(fault(tcp(8080), new BindException("Permission denied")).description())
			.isEqualTo("The user " + USER + " may not listen there");
	}

	@Test
	void aDirectoryMayBeClosed() {
		InvalidValueException fault = fault(SOCKET, new AccessDeniedException("/run/my/.gozd123"));
		assertThat(fault.description()).isEqualTo("The user " + USER + " may not make files in /run/my");
	}

	@Test
	void anotherProcessIsNamed() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			// As if somebody else asked.
			BindFaults faults = new BindFaults(new SocketOwners(), 0);
			long pid = ProcessHandle.current().pid();
			assertThat(faults.of(directive(tcp(socket.getLocalPort())), new BindException("Address already in use"))
				.description()).startsWith("The address is in use by process " + pid + " (");
		}
	}

	@Test
	void anOwnerOutOfSightIsSaidToBe() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		InvalidValueException fault = fault(tcp(port), new BindException("Address already in use"));
		assertThat(fault.description()).isEqualTo("The address is in use, by a process that this user can't see");
		assertThat(fault.remedy()).contains("ss -lnpt");
		assertThat(fault(SOCKET, new BindException("Address already in use")).remedy()).contains("ss -lnpx");
	}

	@Test
	void whatTheKernelSaysOtherwiseIsQuoted() {
		assertThat(
				fault(SOCKET, new FileSystemException("/run/my/.gozd1", null, "Read-only file system")).description())
			.isEqualTo("It is not possible to listen there: Read-only file system");
		assertThat(
				fault(SOCKET, new FileAlreadyExistsException("/run/my/s.sock", null, "there is a file")).description())
			.isEqualTo("It is not possible to listen there: there is a file");
		assertThat(fault(tcp(8080), new IOException("listen: Odd")).description())
			.isEqualTo("It is not possible to listen there: IOException: listen: Odd");
		assertThat(fault(tcp(8080), new SocketException("Too many open files")).remedy()).contains("ulimit -n");
	}

	private InvalidValueException fault(SocketAddress address, IOException failure) {
		return this.faults.of(directive(address), failure);
	}

	private static InetSocketAddress tcp(int port) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	private static Directive directive(SocketAddress address) {
		return new Directive("web", address, Protocol.HTTP, Set.of(), 1, 1, null, null);
	}

}
