package io.gozd.posix;

import java.io.IOException;

import jnr.constants.platform.Errno;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The C library, with its error numbers turned into exceptions in this one place.
 */
final class Native {

	private final LibC libc = LibraryLoader.create(LibC.class).load("c");

	private final Runtime runtime = Runtime.getRuntime(this.libc);

	LibC libc() {
		return this.libc;
	}

	/** Zeroed memory, freed with the object. */
	Pointer memory(int bytes) {
		return Memory.allocateDirect(this.runtime, bytes, true);
	}

	Pointer intValue(int value) {
		Pointer pointer = memory(Integer.BYTES);
		pointer.putInt(0, value);
		return pointer;
	}

	/**
	 * Call until no signal interrupts.
	 * @param what the call, for the message of the exception
	 * @param call the call; -1 means that it failed
	 * @return what the call returned
	 * @throws IOException if it failed
	 */
	long check(String what, Call call) throws IOException {
		while (true) {
			long result = call.call(this.libc);
			if (result != -1) {
				return result;
			}
			Errno errno = Errno.valueOf(this.runtime.getLastError());
			if (errno != Errno.EINTR) {
				throw new ErrnoException(what, errno);
			}
		}
	}

	/** One call of the C library. */
	@FunctionalInterface
	interface Call {

		long call(LibC libc) throws IOException;

	}

	/** A call that failed, with the reason that the kernel gave. */
	static final class ErrnoException extends IOException {

		private static final long serialVersionUID = 1L;

		private final Errno errno;

		ErrnoException(String what, Errno errno) {
			super(what + ": " + errno.description());
			this.errno = errno;
		}

		Errno errno() {
			return this.errno;
		}

	}

}
