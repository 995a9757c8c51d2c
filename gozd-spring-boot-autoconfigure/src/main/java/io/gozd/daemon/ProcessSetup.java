package io.gozd.daemon;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

import io.gozd.listener.FileOwner;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.Account;
import io.gozd.posix.FileLimit;
import io.gozd.posix.Posix;
import io.gozd.posix.ProcessControl;
import org.jspecify.annotations.Nullable;

/**
 * Makes the process what it is configured to be, before its application starts: limits
 * first, then what only this user may open, and last the user.
 */
final class ProcessSetup {

	private static final long ROOT = 0;

	private final ProcessSettings settings;

	private final CommandLine commandLine;

	private final FileOwner user;

	private final Supplier<ProcessControl> control;

	private final Supplier<Posix> posix;

	/**
	 * Create a setup.
	 * @param user the effective user and group of this process
	 */
	ProcessSetup(ProcessSettings settings, CommandLine commandLine, FileOwner user, Supplier<ProcessControl> control,
			Supplier<Posix> posix) {
		this.settings = settings;
		this.commandLine = commandLine;
		this.user = user;
		this.control = control;
		this.posix = posix;
	}

	/**
	 * Set the process up.
	 * @param files the files of the daemon that are made before it is another user
	 * @param listeners where the binder binds
	 * @param binder binds what is configured; called only where this process becomes
	 * another user
	 * @return the log file, open, to be taken when it is sure that nobody else has it; or
	 * null if none is configured
	 * @throws DaemonException if anything of it is not possible: the process must end
	 */
	@Nullable Logfile run(DaemonPaths files, ListenerTable listeners, Binder binder) {
		limitOpenFiles();
		Account account = account();
		Logfile logfile = (this.settings.logfile() != null)
				? new Logfile(this.settings.logfile(), this.control, this.posix) : null;
		boolean opened = false;
		if (account != null) {
			if (files.runDirectory() == null) {
				throw new DaemonException(
						describe() + " counts from the next start on: the daemon that runs has another user",
						"Stop the daemon and start it, or remove the property");
			}
			FileOwner owner = new FileOwner(account.uid(), account.gid());
			listeners.prepareFor(owner);
			// First: sockets may belong in it.
			files.giveTo(owner);
			binder.bind();
			giveSockets(listeners, account);
		}
		if (logfile != null && account != null && logfile.isForRootToOpen()) {
			logfile.open(account);
			opened = true;
		}
		if (account != null) {
			become(account);
			files.check(account.name());
			check(account.name());
		}
		if (logfile != null && !opened) {
			// In a folder of that user's, who could have root open anything by that name.
			logfile.open(null);
		}
		if (logfile != null && account != null) {
			logfile.warn(account.name());
		}
		return logfile;
	}

	/** Else a successor could not listen beside them, on an address that overlaps. */
	private void giveSockets(ListenerTable listeners, Account account) {
		List<SocketAddress> names = listeners.open()
			.stream()
			.filter((listener) -> !listener.supervised())
			.map(Listener::name)
			.toList();
		try {
			for (int descriptor : this.posix.get().listeningDescriptors(names).values()) {
				this.control.get().giveSocket(descriptor, account);
			}
		}
		catch (IOException ex) {
			throw new DaemonException("The listeners can't be given to " + describe() + ": " + ex.getMessage(),
					"Give the process the capability CHOWN, or start it as that user and remove gozd.user");
		}
	}

	private void limitOpenFiles() {
		Long soft = this.settings.softFiles();
		Long hard = this.settings.hardFiles();
		if (soft == null && hard == null) {
			return;
		}
		FileLimit current = null;
		try {
			current = FileLimit.ofThisProcess();
			long newHard = (hard != null) ? hard : current.hard();
			FileLimit wanted = new FileLimit((soft != null) ? soft : newHard, newHard);
			if (wanted.soft() > wanted.hard()) {
				throw new DaemonException(
						"gozd.max-fds.soft=" + soft + " is more than the hard limit of this process, " + newHard,
						"Set gozd.max-fds.hard too, which needs root, or raise the limit (ulimit -Hn, LimitNOFILE of"
								+ " systemd)");
			}
			if (!wanted.equals(current)) {
				this.control.get().limitOpenFiles(wanted);
			}
		}
		catch (IOException ex) {
			throw new DaemonException(
					"gozd.max-fds.hard=" + hard + " is not possible: " + ex.getMessage()
							+ ((current != null) ? ". The hard limit of this process is " + current.hard() : ""),
					((this.user.uid() != ROOT)
							? "Start the daemon as root, raise the limit (ulimit -Hn, LimitNOFILE of"
									+ " systemd), or set a lower one"
							: "Raise what the kernel allows (sysctl fs.nr_open), or set a lower one"));
		}
	}

	/** The user to become, or null where this process is that already. */
	private @Nullable Account account() {
		String user = this.settings.user();
		if (user == null) {
			if (this.settings.group() != null) {
				throw new DaemonException("gozd.group=" + this.settings.group() + " is set without gozd.user",
						"Set gozd.user too, or remove gozd.group");
			}
			return null;
		}
		Account account;
		try {
			account = this.control.get().account(user, this.settings.group());
		}
		catch (IOException ex) {
			throw new DaemonException(describe() + " can't be found: " + ex.getMessage(),
					"Name a user that exists (getent passwd); a number that no user has needs gozd.group");
		}
		if (account.uid() == this.user.uid() && account.gid() == this.user.gid()) {
			return null;
		}
		if (account.uid() == ROOT && this.user.uid() == ROOT) {
			throw new DaemonException(describe() + " means group " + account.gid() + " for root, who keeps every right",
					"Name a user that is not root, or remove both properties");
		}
		if (this.user.uid() != ROOT || account.uid() == ROOT) {
			throw new DaemonException(
					describe() + " means user " + account.uid() + " and group " + account.gid()
							+ ", this process has user " + this.user.uid() + " and group " + this.user.gid()
							+ ", and only root can become another user",
					"Start the daemon as root or as that user and group, or remove the property");
		}
		return account;
	}

	private String describe() {
		return "gozd.user=" + this.settings.user()
				+ ((this.settings.group() != null) ? ", gozd.group=" + this.settings.group() : "");
	}

	private void become(Account account) {
		try {
			this.control.get().become(account);
		}
		catch (IOException ex) {
			throw new DaemonException(
					"The process can't become gozd.user=" + this.settings.user() + " as a whole: " + ex.getMessage(),
					"Give it the capabilities SETUID and SETGID, or start it as that user and remove gozd.user");
		}
		System.setProperty("user.name", account.name());
		if (account.home() != null) {
			System.setProperty("user.home", account.home().toString());
		}
	}

	/** What a successor, which is that user from its first instant, would fail at. */
	private void check(String user) {
		if (!Files.isExecutable(this.commandLine.directory())) {
			throw unreachable(user, this.commandLine.directory());
		}
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		if (!Files.isExecutable(java)) {
			throw unreachable(user, java);
		}
		for (Path file : this.commandLine.classPath().keySet()) {
			Path absolute = this.commandLine.directory().resolve(file);
			if (!Files.isReadable(absolute)) {
				throw unreachable(user, absolute);
			}
		}
	}

	private static DaemonException unreachable(String user, Path path) {
		return new DaemonException("gozd.user=" + user + " can't read " + path + ": no successor could start",
				"Put it where that user can read it, and start the daemon from a directory that it may enter");
	}

	/** Binds what is configured, into the table of listeners. */
	@FunctionalInterface
	interface Binder {

		void bind();

	}

}
