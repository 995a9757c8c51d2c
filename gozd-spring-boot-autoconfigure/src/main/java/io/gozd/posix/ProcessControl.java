package io.gozd.posix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a process changes of itself. Tests replace it. To be used before the application
 * starts, by one thread.
 */
public interface ProcessControl {

	/**
	 * Find a user, wherever the system keeps its users (nsswitch.conf(5)).
	 * @param user a name or a number
	 * @param group a name or a number of the group that is primary; null for the user's
	 * own
	 * @return the user
	 * @throws IOException if there is no such user or group, or it is not known which
	 * groups a number means; the message says so
	 */
	Account account(String user, @Nullable String group) throws IOException;

	/**
	 * Become a user, with each of the threads of this process and for good: groups first,
	 * then the user, and nothing of what this process could before is left. What came of
	 * it is read back from the kernel.
	 * @param account the user
	 * @throws IOException if it was not possible, or not in every thread: the process
	 * must not go on then
	 */
	void become(Account account) throws IOException;

	/**
	 * Set how many files this process and its children may have open (setrlimit(2),
	 * RLIMIT_NOFILE).
	 * @param limit the limits
	 * @throws IOException if that is more than this process may ask for
	 */
	void limitOpenFiles(FileLimit limit) throws IOException;

	/**
	 * Open a file to append to, close-on-exec, and make it with 0640 where there is none.
	 * @param path the file
	 * @param owner whom it is to belong to where this process made it or has it: then no
	 * link is followed, because that user may have put one there; null to leave that as
	 * it is
	 * @return the descriptor, owned by the caller
	 * @throws IOException if it can't be opened
	 */
	int openLog(Path path, @Nullable Account owner) throws IOException;

	/**
	 * Give an open socket away (fchown(2)): only sockets of one user can share a port
	 * (SO_REUSEPORT).
	 * @param descriptor the socket; stays open
	 * @param owner whom it is to belong to
	 * @throws IOException if this process may not
	 */
	void giveSocket(int descriptor, Account owner) throws IOException;

	/**
	 * Be the parent of all descendants whose own parent has ended (prctl(2),
	 * PR_SET_CHILD_SUBREAPER). It stays so over {@link #replace}.
	 * @throws IOException if the kernel does not do it
	 */
	void adoptOrphans() throws IOException;

	/**
	 * Run another program in this process, which keeps its pid, its children and its
	 * stdout and stderr, and nothing else (execve(2)). Returns only by throwing.
	 * @param program the path of the program
	 * @param arguments its arguments, with its name as the first
	 * @param environment its environment
	 * @param signals the numbers of signals that the program has blocked from its first
	 * instant on and reads from its stdin (signalfd(2)), so that none is lost and none
	 * ends it
	 * @throws IOException if it can't be run: this process goes on
	 */
	void replace(Path program, List<String> arguments, Map<String, String> environment, Set<Integer> signals)
			throws IOException;

}
