package io.gozd.boot;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.gozd.daemon.DaemonException;
import io.gozd.listener.Directive;
import io.gozd.listener.Protocol;

/**
 * Directives that a web server has no way to serve, unlike others: said by the server's
 * name, and before it is made.
 */
public final class UnservedDirectives {

	private UnservedDirectives() {
	}

	/**
	 * Refuse what a server that does not speak FastCGI can't serve.
	 * @param server the server's name
	 * @param tcpOnly whether it has no Unix sockets, either
	 * @param directives what it is to serve
	 * @throws DaemonException if there is any that it can't
	 */
	public static void refuse(String server, boolean tcpOnly, FactoryDirectives directives) {
		List<Directive> refused = Stream.concat(Stream.ofNullable(directives.first()), directives.others().stream())
			.filter((directive) -> isFcgi(directive) || (tcpOnly && !directive.isTcp()))
			.toList();
		if (!refused.isEmpty()) {
			throw new DaemonException(
					refused.stream().map((directive) -> reason(server, directive)).collect(Collectors.joining("\n")),
					wayOut(refused));
		}
	}

	private static boolean isFcgi(Directive directive) {
		return directive.protocol() == Protocol.FCGI;
	}

	private static String reason(String server, Directive directive) {
		String property = "gozd.directives." + directive.id();
		String which = "', and the application's web server is " + server + ", which ";
		return isFcgi(directive) ? property + ".protocol is 'fcgi" + which + "does not speak FastCGI"
				: property + ".address is the Unix socket '" + directive.address() + which + "serves TCP alone";
	}

	private static String wayOut(List<Directive> refused) {
		boolean fcgi = refused.stream().anyMatch(UnservedDirectives::isFcgi);
		String server = fcgi ? "Use spring-boot-starter-tomcat as the application's web server"
				: "Use spring-boot-starter-tomcat or spring-boot-starter-jetty as the application's web server";
		return server + ", give the directive " + (fcgi ? "another protocol" : "a host and a port") + ", or remove it";
	}

}
