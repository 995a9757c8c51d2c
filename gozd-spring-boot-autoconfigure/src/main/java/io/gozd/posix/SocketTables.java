package io.gozd.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The sockets of the machine, of this network namespace, as Linux lists them (proc(5)).
 *
 * @param directory where the lists are, {@code /proc/net}
 */
record SocketTables(Path directory) {

	/** Where our own Unix sockets are bound, before they are moved to their place. */
	private static final Pattern MOVED_FROM = Pattern.compile("\\.gozd\\d+");

	private static final String LISTENING = "0A";

	private static final int ACCEPTS_CONNECTIONS = 0x10000;

	private static final int RADIX = 16;

	private static final int WORD_DIGITS = 8;

	/** The inodes of those who listen on an address, or else who hold it otherwise. */
	List<Long> inodes(SocketAddress address) {
		List<Socket> sockets = new ArrayList<>();
		if (address instanceof InetSocketAddress inet) {
			addTcp("tcp", inet, sockets);
			addTcp("tcp6", inet, sockets);
		}
		else if (address instanceof UnixDomainSocketAddress unix) {
			addUnix(unix, sockets);
		}
		boolean listens = sockets.stream().anyMatch(Socket::listens);
		return sockets.stream().filter((socket) -> socket.listens() == listens).map(Socket::inode).toList();
	}

	// sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout
	// inode
	private void addTcp(String file, InetSocketAddress wanted, List<Socket> sockets) {
		for (String line : lines(file)) {
			String[] fields = line.strip().split("\\s+");
			String[] local = (fields.length > 9) ? fields[1].split(":") : fields;
			if (local.length == 2 && Integer.parseInt(local[1], RADIX) == wanted.getPort()
					&& overlap(address(local[0]), wanted.getAddress())) {
				sockets.add(new Socket(Long.parseLong(fields[9]), fields[3].equals(LISTENING)));
			}
		}
	}

	private static boolean overlap(InetAddress one, InetAddress other) {
		return one.isAnyLocalAddress() || other.isAnyLocalAddress() || one.equals(other);
	}

	/** Words of 32 bits, each in the byte order of the machine. */
	private static InetAddress address(String digits) {
		ByteBuffer bytes = ByteBuffer.allocate(digits.length() / 2).order(ByteOrder.nativeOrder());
		for (int i = 0; i < digits.length(); i += WORD_DIGITS) {
			bytes.putInt(Integer.parseUnsignedInt(digits.substring(i, i + WORD_DIGITS), RADIX));
		}
		try {
			return InetAddress.getByAddress(bytes.array());
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException("Not an address of /proc/net: " + digits, ex);
		}
	}

	// Num RefCount Protocol Flags Type St Inode Path
	private void addUnix(UnixDomainSocketAddress wanted, List<Socket> sockets) {
		for (String line : lines("unix")) {
			String[] fields = line.strip().split("\\s+", 8);
			if (fields.length == 8 && isAt(fields[7], wanted)) {
				boolean listens = (Integer.parseUnsignedInt(fields[3], RADIX) & ACCEPTS_CONNECTIONS) != 0;
				sockets.add(new Socket(Long.parseLong(fields[6]), listens));
			}
		}
	}

	/** The kernel tells the path as it was given to bind(2), however it is called now. */
	private static boolean isAt(String bound, UnixDomainSocketAddress wanted) {
		if (bound.equals(wanted.toString())) {
			return true;
		}
		try {
			Path path = Path.of(bound);
			Path directory = path.getParent();
			if (!path.isAbsolute() || directory == null || !path.getFileName().equals(wanted.getPath().getFileName())) {
				return false;
			}
			Path name = directory.getFileName();
			if (name != null && MOVED_FROM.matcher(name.toString()).matches()) {
				directory = directory.getParent();
			}
			Path other = wanted.getPath().getParent();
			return directory != null && other != null && Files.isSameFile(directory, other);
		}
		catch (IOException | InvalidPathException ex) {
			return false;
		}
	}

	private List<String> lines(String file) {
		try {
			// Not strictly UTF-8: anybody can bind to any bytes.
			List<String> lines = new String(Files.readAllBytes(this.directory.resolve(file)), StandardCharsets.UTF_8)
				.lines()
				.toList();
			return lines.subList(Math.min(1, lines.size()), lines.size());
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	private record Socket(long inode, boolean listens) {
	}

}
