package io.gozd.posix;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jnr.constants.platform.Errno;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * {@link ProcessControl} on 64-bit Linux. The C library's own functions are called, not
 * the kernel's: to the kernel each thread has a user of its own, and the library makes
 * all threads change theirs (nptl(7)).
 */
public final class NativeProcessControl implements ProcessControl {

	private static final int RLIMIT_NOFILE = 7;

	private static final int PR_SET_DUMPABLE = 4;

	private static final int PR_SET_CHILD_SUBREAPER = 36;

	private static final int F_SETFD = 2;

	private static final int FD_CLOEXEC = 1;

	private static final int STDIN = 0;

	private static final int LAST_STANDARD = 2;

	/** The number of close_range(2), which is the same on all processors. */
	private static final int CLOSE_RANGE = 436;

	private static final int CLOSE_RANGE_UNSHARE = 2;

	private static final int CLOSE_RANGE_CLOEXEC = 4;

	private static final long MOST_DESCRIPTORS = 0xFFFFFFFFL;

	private static final int SIG_BLOCK = 0;

	private static final int SIG_UNBLOCK = 1;

	private static final int SIGNAL_SET_SIZE = 128;

	private static final int O_WRONLY = 1;

	private static final int O_CREAT = 0100;

	private static final int O_NOCTTY = 0400;

	private static final int O_APPEND = 02000;

	private static final int O_NONBLOCK = 04000;

	private static final int F_SETFL = 4;

	private static final int O_NOFOLLOW = nofollow();

	private static final int O_CLOEXEC = 02000000;

	private static final int LOG_MODE = 0640;

	/** The offsets in struct passwd and struct group, of glibc and musl alike. */
	private static final int PASSWD_NAME = 0;

	private static final int PASSWD_UID = 16;

	private static final int PASSWD_GID = 20;

	private static final int PASSWD_HOME = 32;

	private static final int GROUP_GID = 16;

	/** The most groups that Linux gives a process (NGROUPS_MAX). */
	private static final int MAX_GROUPS = 65536;

	/** What chown(2) and its like take for "leave it as it is". */
	private static final long NO_ID = 0xFFFFFFFFL;

	private final ProcessLibC libc = LibraryLoader.create(ProcessLibC.class).load("c");

	private final Runtime runtime = Runtime.getRuntime(this.libc);

	private NativeProcessControl() {
	}

	/**
	 * Return the one of this process, loading it when first called.
	 * @return what the process can change of itself
	 */
	public static ProcessControl get() {
		return Holder.INSTANCE;
	}

	private static int nofollow() {
		return System.getProperty("os.arch").matches("aarch64|arm64") ? 0100000 : 0400000;
	}

	@Override
	public Account account(String user, @Nullable String group) throws IOException {
		boolean number = isNumber(user);
		Pointer entry = number ? this.libc.getpwuid((int) id(user)) : this.libc.getpwnam(text(user));
		if (entry == null && !number) {
			throw new IOException("there is no user '" + user + "'");
		}
		if (entry == null && group == null) {
			throw new IOException("no user has the number " + user + ", so its group is not known");
		}
		// The library writes the next answer where this one stands.
		String name = (entry != null) ? string(entry.getPointer(PASSWD_NAME)) : user;
		long uid = (entry != null) ? Integer.toUnsignedLong(entry.getInt(PASSWD_UID)) : id(user);
		long own = (entry != null) ? Integer.toUnsignedLong(entry.getInt(PASSWD_GID)) : 0;
		Path home = (entry != null) ? Path.of(string(entry.getPointer(PASSWD_HOME))) : null;
		long gid = (group != null) ? group(group) : own;
		List<Long> groups = (entry != null) ? groups(name, gid) : List.of(gid);
		return new Account(name, uid, gid, groups, home);
	}

	private long group(String group) throws IOException {
		if (isNumber(group)) {
			return id(group);
		}
		Pointer entry = this.libc.getgrnam(text(group));
		if (entry == null) {
			throw new IOException("there is no group '" + group + "'");
		}
		return Integer.toUnsignedLong(entry.getInt(GROUP_GID));
	}

	private List<Long> groups(String user, long gid) throws IOException {
		Pointer groups = memory(MAX_GROUPS * Integer.BYTES);
		Pointer count = memory(Integer.BYTES);
		count.putInt(0, MAX_GROUPS);
		if (this.libc.getgrouplist(text(user), (int) gid, groups, count) < 0) {
			throw new IOException("the groups of '" + user + "' can't be listed");
		}
		Set<Long> found = new LinkedHashSet<>();
		for (int i = 0; i < count.getInt(0); i++) {
			found.add(Integer.toUnsignedLong(groups.getInt((long) i * Integer.BYTES)));
		}
		return new ArrayList<>(found);
	}

	@Override
	public void become(Account account) throws IOException {
		Pointer groups = memory(Math.max(1, account.groups().size()) * Integer.BYTES);
		for (int i = 0; i < account.groups().size(); i++) {
			groups.putInt((long) i * Integer.BYTES, account.groups().get(i).intValue());
		}
		int uid = (int) account.uid();
		int gid = (int) account.gid();
		check("setgroups", this.libc.setgroups(account.groups().size(), groups));
		check("setresgid", this.libc.setresgid(gid, gid, gid));
		check("setresuid", this.libc.setresuid(uid, uid, uid));
		ThreadRights.ofThisProcess().check(account);
		// The kernel gives /proc/self to root when the user changes, and with it what
		// this process reads and writes there.
		check("prctl(PR_SET_DUMPABLE)", this.libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
	}

	@Override
	public void limitOpenFiles(FileLimit limit) throws IOException {
		Pointer limits = memory(2 * Long.BYTES);
		limits.putLong(0, limit.soft());
		limits.putLong(Long.BYTES, limit.hard());
		check("setrlimit(RLIMIT_NOFILE)", this.libc.setrlimit(RLIMIT_NOFILE, limits));
	}

	@Override
	public int openLog(Path path, @Nullable Account owner) throws IOException {
		int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_NONBLOCK | O_CLOEXEC
				| ((owner != null) ? O_NOFOLLOW : 0);
		int fd = check("open", this.libc.open(text(path.toString()), flags, LOG_MODE));
		// Not at open(2), where a pipe that nobody reads would hold this process up.
		this.libc.fcntl(fd, F_SETFL, O_APPEND);
		if (owner != null) {
			try {
				Path file = Path.of("/proc/self/fd", Integer.toString(fd));
				if (!Files.isRegularFile(file) || (Integer) Files.getAttribute(file, "unix:nlink") != 1) {
					throw new IOException("it is no file of its own, so it can't be given to " + owner.name());
				}
				check("fchown", this.libc.fchown(fd, (int) owner.uid(), (int) owner.gid()));
			}
			catch (IOException ex) {
				NativePosix.get().close(fd);
				throw ex;
			}
		}
		return fd;
	}

	@Override
	public void giveSocket(int descriptor, Account owner) throws IOException {
		check("fchown", this.libc.fchown(descriptor, (int) owner.uid(), (int) owner.gid()));
	}

	@Override
	public void adoptOrphans() throws IOException {
		check("prctl(PR_SET_CHILD_SUBREAPER)", this.libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
	}

	@Override
	public void replace(Path program, List<String> arguments, Map<String, String> environment, Set<Integer> signals)
			throws IOException {
		List<String> variables = new ArrayList<>();
		environment.forEach((name, value) -> variables.add(name + "=" + value));
		// Held here: the arrays only point to them.
		List<Pointer> texts = new ArrayList<>();
		Pointer argv = array(arguments, texts);
		Pointer envp = array(variables, texts);
		Pointer set = signalSet(signals);
		check("sigprocmask", this.libc.sigprocmask(SIG_BLOCK, set, null));
		try {
			int descriptor = check("signalfd", this.libc.signalfd(-1, set, 0));
			NativePosix.get().duplicate(descriptor, STDIN);
			NativePosix.get().close(descriptor);
			closeOnExec();
			check("execve", this.libc.execve(text(program.toString()), argv, envp));
			throw new IOException("execve returned with " + texts.size() + " texts");
		}
		finally {
			this.libc.sigprocmask(SIG_UNBLOCK, set, null);
		}
	}

	/** The JDK's sockets are not close-on-exec. */
	private void closeOnExec() throws IOException {
		// With a table of its own for this thread: other threads open and close
		// meanwhile.
		if (this.libc.syscall(CLOSE_RANGE, LAST_STANDARD + 1, MOST_DESCRIPTORS,
				CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC) == 0) {
			return;
		}
		// Before Linux 5.11, or not allowed.
		for (int fd : OpenDescriptors.list()) {
			if (fd > LAST_STANDARD) {
				this.libc.fcntl(fd, F_SETFD, FD_CLOEXEC);
			}
		}
	}

	/** As glibc and musl have it on 64 bits: a bit for each signal from 1 on. */
	private Pointer signalSet(Set<Integer> signals) {
		Pointer set = memory(SIGNAL_SET_SIZE);
		long bits = 0;
		for (int signal : signals) {
			bits |= 1L << (signal - 1);
		}
		set.putLong(0, bits);
		return set;
	}

	private Pointer array(List<String> values, List<Pointer> texts) {
		Pointer array = memory((values.size() + 1) * Long.BYTES);
		for (int i = 0; i < values.size(); i++) {
			Pointer text = text(values.get(i));
			texts.add(text);
			array.putPointer((long) i * Long.BYTES, text);
		}
		return array;
	}

	private static boolean isNumber(String text) {
		return text.matches("\\d+");
	}

	private static long id(String number) throws IOException {
		long id = (number.length() <= 10) ? Long.parseLong(number) : NO_ID;
		if (id >= NO_ID) {
			throw new IOException(number + " is more than the number of a user or a group can be");
		}
		return id;
	}

	private int check(String what, int result) throws IOException {
		if (result == -1) {
			throw new Native.ErrnoException(what, Errno.valueOf(this.runtime.getLastError()));
		}
		return result;
	}

	private Pointer memory(int bytes) {
		return Memory.allocateDirect(this.runtime, bytes, true);
	}

	private Pointer text(String text) {
		byte[] bytes = text.getBytes(charset());
		Pointer pointer = memory(bytes.length + 1);
		pointer.put(0, bytes, 0, bytes.length);
		return pointer;
	}

	private static String string(Pointer pointer) {
		return pointer.getString(0, Short.MAX_VALUE, charset());
	}

	/** As the JDK writes names of files. */
	private static Charset charset() {
		return Charset.forName(System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()));
	}

	private static final class Holder {

		private static final ProcessControl INSTANCE = new NativeProcessControl();

	}

}
