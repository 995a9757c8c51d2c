package io.gozd.posix;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

import jnr.ffi.Pointer;

/**
 * A Unix socket for datagrams, as syslog has one: the JDK makes no such.
 */
public final class DatagramSocketFile implements Closeable {

	private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

	private final Native system = new Native();

	private final int fd;

	public DatagramSocketFile(Path path) throws IOException {
		Pointer address = SocketAddresses.unix(this.system, path);
		this.fd = (int) this.system.check("socket",
				(libc) -> libc.socket(SocketAddresses.AF_UNIX, SOCK_DGRAM_CLOEXEC, 0));
		this.system.check("bind", (libc) -> libc.bind(this.fd, address, SocketAddresses.unixSize()));
	}

	@Override
	public void close() {
		this.system.libc().close(this.fd);
	}

}
