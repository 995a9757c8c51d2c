package io.gozd.posix;

import jnr.ffi.Pointer;

/**
 * The few functions of the C library that are called, and no more: each costs start-up
 * time. Public because the generated class lives in another loader.
 */
public interface LibC {

	int socket(int domain, int type, int protocol);

	int bind(int fd, Pointer address, int length);

	int listen(int fd, int backlog);

	int connect(int fd, Pointer address, int length);

	int accept4(int fd, Pointer address, Pointer length, int flags);

	int shutdown(int fd, int how);

	int poll(Pointer descriptors, long count, int timeout);

	int open(String path, int flags, int mode);

	int setsid();

	int close(int fd);

	int fcntl(int fd, int command, int argument);

	int dup3(int fd, int target, int flags);

	int dup2(int fd, int target);

	int getsockname(int fd, Pointer address, Pointer length);

	int getsockopt(int fd, int level, int option, Pointer value, Pointer length);

	int setsockopt(int fd, int level, int option, Pointer value, int length);

	long sendmsg(int fd, Pointer message, int flags);

	long recvmsg(int fd, Pointer message, int flags);

}
