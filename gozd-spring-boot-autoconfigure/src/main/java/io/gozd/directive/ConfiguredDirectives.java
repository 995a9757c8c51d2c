package io.gozd.directive;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.ListenerTable;
import io.gozd.listener.TrustedPath;
import io.gozd.posix.SocketOwners;

import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The directives of an environment. Whatever is wrong with them, with their form, among
 * themselves or with the addresses that they name, is said at once.
 */
public final class ConfiguredDirectives {

	private final EntryReader reader;

	private final List<ParsedDirective> parsed;

	/**
	 * Read the directives of an environment. Host names are resolved, which may take
	 * time.
	 * @param environment where they are configured, below {@code gozd.directives}
	 * @param sslBundles the names of the SSL bundles that there are
	 * @param claimed the ids whose protocol is {@code tcp} where none is configured
	 */
	public ConfiguredDirectives(ConfigurableEnvironment environment, Collection<String> sslBundles,
			Set<String> claimed) {
		this.reader = new EntryReader(environment);
		DirectiveParser parser = new DirectiveParser(claimed, sslBundles, Defaults.of(environment));
		this.parsed = this.reader.entries().stream().map(parser::parse).toList();
		new Collisions().find(this.parsed);
	}

	/**
	 * Open the listener of every directive. Those that are valid are opened even where
	 * others are not, to find out all that is wrong.
	 * @param listeners where listeners come from
	 * @return the directives, all of them open and owned by the caller
	 * @throws DirectivesException if anything is wrong: nothing is open then, and no file
	 * is left behind
	 */
	public Directives open(ListenerTable listeners) {
		Directives directives = new Directives(valid(), listeners);
		BindFaults bindFaults = new BindFaults(new SocketOwners(), ProcessHandle.current().pid());
		directives.open().forEach((id, failure) -> {
			Directive directive = Objects.requireNonNull(directives.get(id));
			DirectiveEntry entry = entry(id);
			entry.fault(DirectiveProperty.ADDRESS, bindFaults.of(directive, failure));
		});
		List<Fault> faults = faults();
		if (!faults.isEmpty()) {
			DirectivesException exception = new DirectivesException(faults);
			directives.closeUnserved();
			try {
				listeners.abandon();
			}
			catch (IOException ex) {
				exception.addSuppressed(ex);
			}
			throw exception;
		}
		return directives;
	}

	/**
	 * Bind whatever has an address, before more can be known of it: this process is about
	 * to lose its rights. What is wrong otherwise is said when the directives are opened.
	 * @param environment where they are configured
	 * @param listeners where listeners are prepared
	 * @throws DirectivesException if it is not possible to listen somewhere: nothing is
	 * open then, and no file is left behind
	 */
	public static void prepare(ConfigurableEnvironment environment, ListenerTable listeners) {
		ConfiguredDirectives configured = new ConfiguredDirectives(environment, List.of(), Set.of());
		BindFaults bindFaults = new BindFaults(new SocketOwners(), ProcessHandle.current().pid());
		List<Fault> faults = new ArrayList<>();
		for (Directive directive : configured.bare(environment)) {
			try {
				if (needsRights(directive)) {
					listeners.prepare(directive);
				}
			}
			catch (IOException ex) {
				InvalidValueException fault = bindFaults.of(directive, ex);
				faults.add(new Fault(configured.propertyOf(directive), null, null,
						directive.address() + ": " + fault.description(), fault.remedy()));
			}
		}
		if (!faults.isEmpty()) {
			listeners.closePrepared();
			throw new DirectivesException(faults);
		}
	}

	/**
	 * Where a folder is not root's alone, others could have root change any file by the
	 * names that it uses there. The socket is bound later, by the user, who needs no
	 * right for that; so is one whose folder can't be looked at.
	 */
	private static boolean needsRights(Directive directive) {
		if (!(directive.address() instanceof UnixDomainSocketAddress address) || address.toString().startsWith("@")) {
			return true;
		}
		try {
			return TrustedPath.isRootsAlone(address.getPath().toAbsolutePath().getParent());
		}
		catch (IOException ex) {
			return false;
		}
	}

	private String propertyOf(Directive directive) {
		if (entries(directive.id()).findAny().isPresent()) {
			return DirectiveName.PREFIX + "." + directive.id() + "." + DirectiveProperty.ADDRESS.key();
		}
		return ImpliedDirectives.propertyOf(directive.id());
	}

	private List<Directive> bare(ConfigurableEnvironment environment) {
		List<Directive> directives = new ArrayList<>(ImpliedDirectives.of(environment).privileged());
		for (ParsedDirective each : this.parsed) {
			Directive directive = each.bare();
			if (directive != null) {
				directives.add(directive);
			}
		}
		return directives;
	}

	/** The directives that have no fault of their own. */
	List<Directive> valid() {
		List<Directive> valid = new ArrayList<>();
		for (ParsedDirective each : this.parsed) {
			if (each.directive() != null && each.entry().faults().isEmpty()) {
				valid.add(each.directive());
			}
		}
		return valid;
	}

	/** What is wrong, as far as it is known. */
	List<Fault> faults() {
		List<Fault> faults = new ArrayList<>(this.reader.faults());
		this.parsed.forEach((each) -> faults.addAll(each.entry().faults()));
		return faults;
	}

	private DirectiveEntry entry(String id) {
		return entries(id).findFirst().orElseThrow();
	}

	private Stream<DirectiveEntry> entries(String id) {
		return this.parsed.stream().map(ParsedDirective::entry).filter((entry) -> entry.id().equals(id));
	}

}
