package io.gozd.directive;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.gozd.listener.Directive;
import io.gozd.posix.SocketOwners;

/**
 * Says why a directive can't listen, in words of its configuration.
 */
final class BindFaults {

	/** The ports below are for those who have the right (ip(7)). */
	private static final int FIRST_FREE_PORT = 1024;

	private final SocketOwners owners;

	private final long pid;

	/**
	 * Create it for the directives of a process.
	 * @param owners knows who has an address
	 * @param pid this process
	 */
	BindFaults(SocketOwners owners, long pid) {
		this.owners = owners;
		this.pid = pid;
	}

	InvalidValueException of(Directive directive, IOException failure) {
		if (failure instanceof AccessDeniedException
				&& directive.address() instanceof UnixDomainSocketAddress address) {
			Path directory = address.getPath().getParent();
			return UnixAddress.notWritable((directory != null) ? directory : address.getPath());
		}
		String reason = reason(failure);
		String lowerCase = reason.toLowerCase(Locale.ROOT);
		if (lowerCase.contains("address already in use")) {
			return inUse(directive);
		}
		if (lowerCase.contains("assign requested address")) {
			return new InvalidValueException("That is no address of this machine",
					"Write one that it has, or :port for all of them");
		}
		if (lowerCase.contains("permission denied")) {
			return denied(directive);
		}
		if (lowerCase.contains("too many open files")) {
			return new InvalidValueException("This process may not have more files open",
					"Raise its limit (ulimit -n, LimitNOFILE of systemd)");
		}
		return new InvalidValueException("It is not possible to listen there: " + reason, "Write another address");
	}

	private InvalidValueException inUse(Directive directive) {
		List<SocketOwners.Owner> owners = this.owners.of(directive.address());
		if (owners.stream().anyMatch((owner) -> owner.pid() == this.pid)) {
			return new InvalidValueException("The address is in use by this process itself",
					"Remove what else listens there, or write another address");
		}
		if (owners.isEmpty()) {
			return new InvalidValueException("The address is in use, by a process that this user can't see",
					"Find it as root with ss -lnp" + (directive.isTcp() ? "t" : "x") + ", or write another address");
		}
		return new InvalidValueException("The address is in use by " + owners.stream()
			.map((owner) -> "process " + owner.pid() + " (" + owner.program() + ")")
			.collect(Collectors.joining(", ")), "Stop it, or write another address");
	}

	private static InvalidValueException denied(Directive directive) {
		if (directive.address() instanceof InetSocketAddress address && address.getPort() < FIRST_FREE_PORT) {
			return new InvalidValueException(
					"The user " + System.getProperty("user.name") + " may not listen on ports below " + FIRST_FREE_PORT,
					"Give the process CAP_NET_BIND_SERVICE, start it as root, or write a port from " + FIRST_FREE_PORT
							+ " on");
		}
		return new InvalidValueException("The user " + System.getProperty("user.name") + " may not listen there",
				"Give it the right, or write another address");
	}

	private static String reason(IOException failure) {
		if (failure instanceof FileSystemException file && file.getReason() != null) {
			return file.getReason();
		}
		return (failure.getMessage() != null) ? failure.getClass().getSimpleName() + ": " + failure.getMessage()
				: failure.toString();
	}

}
