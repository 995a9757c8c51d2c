package io.gozd.directive;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.gozd.listener.Directive;
import io.gozd.listener.FcgiSettings;
import io.gozd.listener.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Makes a directive of an entry, or notes all its faults.
 */
final class DirectiveParser {

	private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]+");

	private static final Pattern HAS_PORT = Pattern.compile(".*:\\d+");

	private static final List<String> NETWORKS = List.of("tcp", "unix");

	private static final List<String> PROTOCOLS = List.of("tcp", "http", "https", "fcgi");

	private static final List<String> CLIENT_AUTHS = List.of("none", "want", "need");

	private final Set<String> claimed;

	private final Collection<String> bundles;

	private final Defaults defaults;

	/**
	 * Create a parser.
	 * @param claimed the ids that handlers of raw TCP claim
	 * @param bundles the SSL bundles that there are
	 * @param defaults what counts where nothing is said
	 */
	DirectiveParser(Set<String> claimed, Collection<String> bundles, Defaults defaults) {
		this.claimed = claimed;
		this.bundles = bundles;
		this.defaults = defaults;
	}

	ParsedDirective parse(DirectiveEntry entry) {
		checkId(entry);
		checkUnknown(entry);
		SocketAddress address = address(entry);
		Set<PosixFilePermission> mode = mode(entry, address);
		Protocol protocol = protocol(entry);
		int backlog = entry.number(DirectiveProperty.BACKLOG,
				(protocol == Protocol.FCGI) ? this.defaults.fcgiBacklog() : this.defaults.backlog());
		int maxConnections = entry.number(DirectiveProperty.MAX_CONNECTIONS, this.defaults.maxConnections());
		String clientAuth = entry.word(DirectiveProperty.SSL_CLIENT_AUTH, CLIENT_AUTHS, "choice");
		FcgiSettings fcgi = (protocol == Protocol.FCGI)
				? new FcgiParser(entry, this.defaults.webServers()).parse(address) : FcgiSettings.DEFAULTS;
		if (protocol != null) {
			checkFor(protocol, entry);
		}
		boolean valid = address != null && protocol != null && entry.faults().isEmpty();
		Directive directive = valid ? new Directive(entry.id(), address, protocol, mode, backlog, maxConnections,
				entry.text(DirectiveProperty.SSL_BUNDLE), clientAuth, fcgi) : null;
		return new ParsedDirective(entry, address, mode, backlog, directive);
	}

	private static void checkId(DirectiveEntry entry) {
		if (entry.id().isEmpty()) {
			entry.fault("", null, "A directive has an id", "Write one before its properties");
		}
		else if (!ID.matcher(entry.id()).matches()) {
			entry.fault("", null, "The id '" + entry.id() + "' has characters that no id has",
					"Use letters of ASCII, digits, dots, dashes and underscores");
		}
	}

	private static void checkUnknown(DirectiveEntry entry) {
		entry.unknown().forEach((name, value) -> {
			if (!name.isEmpty()) {
				boolean dotted = DirectiveProperty.of(name.substring(name.indexOf('.') + 1)) != null;
				entry.fault(name, value, "A directive has no such property",
						dotted ? "An id with dots is written in brackets, " + DirectiveName.PREFIX + "[my.id].address"
								: DirectiveProperty.remedy(name));
			}
			else if (entry.isBareValue()) {
				entry.fault("", value, "A directive has properties, not a value",
						"Write " + ((DirectiveProperty.of(entry.id()) != null)
								? "it as " + DirectiveName.PREFIX + ".<id>." + entry.id()
								: entry.name() + ".address for where it listens"));
			}
		});
	}

	private static @Nullable SocketAddress address(DirectiveEntry entry) {
		String network = entry.word(DirectiveProperty.NETWORK, NETWORKS, "network");
		String text = entry.text(DirectiveProperty.ADDRESS);
		if (text == null) {
			if (!entry.has(DirectiveProperty.ADDRESS) && !entry.isBareValue()) {
				entry.fault(DirectiveProperty.ADDRESS.key(), null, "The directive has no address",
						"Write one, such as 127.0.0.1:8080, :8080, /run/my.sock or @name");
			}
			return null;
		}
		boolean unix = UnixAddress.isMeant(text);
		boolean tcp = !unix && HAS_PORT.matcher(text).matches();
		if ((unix && "tcp".equals(network)) || (tcp && "unix".equals(network))) {
			entry.fault(DirectiveProperty.NETWORK,
					"The address '" + text + "' belongs to the network " + (unix ? "unix" : "tcp"),
					"Leave the network out, or write an address of " + network);
		}
		try {
			return (unix || (!tcp && "unix".equals(network))) ? UnixAddress.parse(text) : TcpAddress.parse(text);
		}
		catch (InvalidValueException ex) {
			entry.fault(DirectiveProperty.ADDRESS, ex);
			return null;
		}
	}

	private static Set<PosixFilePermission> mode(DirectiveEntry entry, @Nullable SocketAddress address) {
		Object chmod = entry.raw(DirectiveProperty.CHMOD);
		String text = entry.text(DirectiveProperty.ADDRESS);
		if (chmod != null && (address instanceof InetSocketAddress || (text != null && UnixAddress.isAbstract(text)))) {
			entry.fault(DirectiveProperty.CHMOD,
					((address instanceof InetSocketAddress) ? "A port of TCP" : "A name in the abstract namespace")
							+ " has no file, so it has no mode",
					"Remove the property");
		}
		else if (chmod != null) {
			try {
				return FileMode.parse(chmod);
			}
			catch (InvalidValueException ex) {
				entry.fault(DirectiveProperty.CHMOD, ex);
			}
		}
		return PosixFilePermissions.fromString("rw-rw-rw-");
	}

	private @Nullable Protocol protocol(DirectiveEntry entry) {
		String word = entry.word(DirectiveProperty.PROTOCOL, PROTOCOLS, "protocol");
		if (word != null) {
			return Protocol.valueOf(word.toUpperCase(Locale.ROOT));
		}
		if (entry.has(DirectiveProperty.PROTOCOL)) {
			return null;
		}
		return this.claimed.contains(entry.id()) ? Protocol.TCP : Protocol.HTTP;
	}

	private void checkFor(Protocol protocol, DirectiveEntry entry) {
		if (protocol != Protocol.TCP && entry.has(DirectiveProperty.MAX_CONNECTIONS)) {
			entry.fault(DirectiveProperty.MAX_CONNECTIONS, "Only directives of the protocol tcp have that property",
					"Set " + entry.name()
							+ ".protocol=tcp, or remove it: server.tomcat.max-connections counts for HTTP");
		}
		if (protocol != Protocol.FCGI) {
			for (DirectiveProperty property : DirectiveProperty.values()) {
				if (property.isOfFcgi() && entry.has(property)) {
					entry.fault(property, "Only directives of the protocol fcgi have that property",
							"Set " + entry.name() + ".protocol=fcgi, or remove the property");
				}
			}
		}
		if (protocol == Protocol.HTTPS) {
			checkBundle(entry);
			return;
		}
		for (DirectiveProperty property : List.of(DirectiveProperty.SSL_BUNDLE, DirectiveProperty.SSL_CLIENT_AUTH)) {
			if (entry.has(property)) {
				entry.fault(property, "Only directives of the protocol https use TLS",
						"Set " + entry.name() + ".protocol=https, or remove the property");
			}
		}
	}

	private void checkBundle(DirectiveEntry entry) {
		String bundle = entry.text(DirectiveProperty.SSL_BUNDLE);
		if (bundle != null && !this.bundles.contains(bundle)) {
			entry.fault(DirectiveProperty.SSL_BUNDLE, "There is no SSL bundle of that name", this.bundles.isEmpty()
					? "Configure it below spring.ssl.bundle.pem." + bundle + " or spring.ssl.bundle.jks." + bundle
					: "There are " + String.join(", ", this.bundles));
		}
		else if (!entry.has(DirectiveProperty.SSL_BUNDLE)) {
			entry.fault(DirectiveProperty.SSL_BUNDLE.key(), null,
					"A directive of the protocol https needs a certificate",
					"Name an SSL bundle, one that is configured below spring.ssl.bundle");
		}
	}

}
