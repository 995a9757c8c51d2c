package io.gozd.posix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A process that only notes what it is told to become. The files that it opens are
 * numbered from 500.
 */
public final class FakeProcessControl implements ProcessControl {

	private final Map<String, Account> accounts = new HashMap<>();

	private final List<String> calls = new ArrayList<>();

	private @Nullable String failing;

	private int next = 500;

	public void add(Account account) {
		this.accounts.put(account.name(), account);
	}

	/** Whatever begins so fails from now on. */
	public void failAt(@Nullable String call) {
		this.failing = call;
	}

	public List<String> calls() {
		return this.calls;
	}

	@Override
	public Account account(String user, @Nullable String group) throws IOException {
		Account account = this.accounts.get(user);
		if (account == null) {
			throw new IOException("there is no user '" + user + "'");
		}
		return account;
	}

	@Override
	public void become(Account account) throws IOException {
		called("become " + account.name());
	}

	@Override
	public void limitOpenFiles(FileLimit limit) throws IOException {
		called("limit " + limit.soft() + " " + limit.hard());
	}

	@Override
	public int openLog(Path path, @Nullable Account owner) throws IOException {
		called("open " + path + ((owner != null) ? " for " + owner.name() : ""));
		return this.next++;
	}

	@Override
	public void giveSocket(int descriptor, Account owner) throws IOException {
		called("give socket " + descriptor + " to " + owner.name());
	}

	@Override
	public void adoptOrphans() throws IOException {
		called("adopt orphans");
	}

	@Override
	public void replace(Path program, List<String> arguments, Map<String, String> environment, Set<Integer> signals)
			throws IOException {
		called("replace " + program + " " + arguments);
		throw new IOException("not replaced");
	}

	private void called(String call) throws IOException {
		this.calls.add(call);
		if (this.failing != null && call.startsWith(this.failing)) {
			throw new IOException("Operation not permitted");
		}
	}

}
