package io.gozd.posix;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Who has an address, as far as Linux tells this user: {@code /proc/net} has the sockets
 * with their inodes, {@code /proc/<pid>/fd} has the inodes of each process (proc(5)). It
 * is read without native code, processes once for each instance. Not thread safe.
 */
public final class SocketOwners {

	private static final Path PROC = Path.of("/proc");

	private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

	private final Path proc;

	private @Nullable Map<Long, Set<Long>> processes;

	/** Create it for the system that this process runs in. */
	public SocketOwners() {
		this(PROC);
	}

	SocketOwners(Path proc) {
		this.proc = proc;
	}

	/**
	 * Return who has an address: who listens there, or else who holds it in another way.
	 * @param address an address of TCP, or of a Unix socket, whose path begins with
	 * {@code @} where it is a name in the abstract namespace
	 * @return the processes, none where Linux does not tell this user
	 */
	public List<Owner> of(SocketAddress address) {
		Set<Long> pids = new LinkedHashSet<>();
		for (long inode : new SocketTables(this.proc.resolve("net")).inodes(address)) {
			pids.addAll(processes().getOrDefault(inode, Set.of()));
		}
		return pids.stream().sorted().map((pid) -> new Owner(pid, program(pid))).toList();
	}

	/**
	 * Return whether a process holds the socket that listens at a path: that it has begun
	 * to listen once does not tell.
	 * @param pid the process
	 * @param path where the socket was bound, and is still
	 * @return whether it does, or nothing where Linux does not tell this user
	 */
	public Optional<Boolean> holds(long pid, Path path) {
		Path process = this.proc.resolve(Long.toString(pid));
		List<Path> descriptors = entries(process.resolve("fd"));
		if (descriptors.isEmpty()) {
			return Optional.empty();
		}
		List<Long> listening = new SocketTables(process.resolve("net")).inodes(UnixDomainSocketAddress.of(path));
		return Optional.of(sockets(descriptors).stream().anyMatch(listening::contains));
	}

	private Map<Long, Set<Long>> processes() {
		Map<Long, Set<Long>> processes = this.processes;
		if (processes == null) {
			processes = new HashMap<>();
			for (Path directory : entries(this.proc)) {
				String name = directory.getFileName().toString();
				if (name.chars().allMatch(Character::isDigit)) {
					for (long inode : sockets(entries(directory.resolve("fd")))) {
						processes.computeIfAbsent(inode, (absent) -> new LinkedHashSet<>()).add(Long.valueOf(name));
					}
				}
			}
			this.processes = processes;
		}
		return processes;
	}

	private static List<Long> sockets(List<Path> descriptors) {
		List<Long> inodes = new ArrayList<>();
		for (Path descriptor : descriptors) {
			try {
				Matcher matcher = SOCKET.matcher(Files.readSymbolicLink(descriptor).toString());
				if (matcher.matches()) {
					inodes.add(Long.valueOf(matcher.group(1)));
				}
			}
			catch (IOException ex) {
				// Closed meanwhile.
			}
		}
		return inodes;
	}

	/** What is in a directory: nothing, where it is another user's. */
	private static List<Path> entries(Path directory) {
		List<Path> entries = new ArrayList<>();
		try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
			stream.forEach(entries::add);
		}
		catch (IOException | DirectoryIteratorException ex) {
			// Gone, or out of sight.
		}
		return entries;
	}

	private String program(long pid) {
		try {
			return Files.readString(this.proc.resolve(pid + "/comm"), StandardCharsets.ISO_8859_1).strip();
		}
		catch (IOException ex) {
			return "ended meanwhile";
		}
	}

	/**
	 * A process that has a socket.
	 *
	 * @param pid its number
	 * @param program the name of its program, as Linux cuts it to 15 bytes
	 */
	public record Owner(long pid, String program) {
	}

}
