package io.gozd.posix;

import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the C library by which a process changes itself. Apart from
 * {@link LibC}, because most processes never need them. Public because the generated
 * class lives in another loader.
 */
public interface ProcessLibC {

	@Nullable Pointer getpwnam(Pointer name);

	@Nullable Pointer getpwuid(int uid);

	@Nullable Pointer getgrnam(Pointer name);

	int getgrouplist(Pointer user, int group, Pointer groups, Pointer count);

	int setgroups(long count, Pointer groups);

	int setresgid(int real, int effective, int saved);

	int setresuid(int real, int effective, int saved);

	int prctl(int option, long argument2, long argument3, long argument4, long argument5);

	int setrlimit(int resource, Pointer limits);

	int open(Pointer path, int flags, int mode);

	int fcntl(int fd, int command, int argument);

	int execve(Pointer path, Pointer arguments, Pointer environment);

	int fchown(int fd, int uid, int gid);

	int sigprocmask(int how, Pointer set, @Nullable Pointer old);

	int signalfd(int fd, Pointer mask, int flags);

	long syscall(long number, long argument1, long argument2, long argument3);

}
