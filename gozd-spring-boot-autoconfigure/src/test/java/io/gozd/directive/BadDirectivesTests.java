package io.gozd.directive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What is said of a bad configuration, word by word, with line and column. The lines are
 * those below {@code gozd.directives}, the first being the third of its file.
 */
final class BadDirectivesTests {

	private static final String LONG = "l".repeat(108);

	private static final String LABEL = "l".repeat(64);

	private Path directory;

	@BeforeEach
	void makeDirectory() throws IOException {
		this.directory = Files.createTempDirectory("gozd");
		Files.createFile(this.directory.resolve("file"));
		Files.createSymbolicLink(this.directory.resolve("link"), this.directory.resolve("target"));
		Files.createSymbolicLink(this.directory.resolve("here"), this.directory);
	}

	@AfterEach
	void removeDirectory() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
	}

	// @formatter:off
	private static Stream<Bad> configurations() {
		return Stream.of(
				bad("a port is missing", "web: { address: 127.0.0.1 }",
						".web.address='127.0.0.1': The port is missing. Write 127.0.0.1:8080, say (application.yml - 3:21)"),
				bad("a port alone", "web: { address: 8080 }",
						".web.address='8080': A port alone has a colon before it. Write :8080 (application.yml - 3:21)"),
				bad("nothing after the colon", "web: { address: '127.0.0.1:' }",
						".web.address='127.0.0.1:': The port is missing. Write it after the colon (application.yml - 3:21)"),
				bad("a port by name", "web: { address: '127.0.0.1:http' }",
						".web.address='127.0.0.1:http': 'http' is no port. A port is a number from 1 to 65535, or 0 for any that is free (application.yml - 3:21)"),
				bad("a port that is too large", "web: { address: ':65536' }",
						".web.address=':65536': '65536' is no port. A port is a number from 1 to 65535, or 0 for any that is free (application.yml - 3:21)"),
				bad("a negative port", "web: { address: '127.0.0.1:-1' }",
						".web.address='127.0.0.1:-1': '-1' is no port. A port is a number from 1 to 65535, or 0 for any that is free (application.yml - 3:21)"),
				bad("IPv6 without brackets", "web: { address: '::1:9000' }",
						".web.address='::1:9000': An IPv6 address is written in brackets. Write [::1]:9000 if the port is in it (application.yml - 3:21)"),
				bad("IPv6 without brackets and port", "web: { address: '::1' }",
						".web.address='::1': An IPv6 address is written in brackets. Write [::1]:8080, say (application.yml - 3:21)"),
				bad("IPv6 without a port", "web: { address: '[::1]' }",
						".web.address='[::1]': The port is missing. Write [::1]:8080, say (application.yml - 3:21)"),
				bad("a bracket that is not closed", "web: { address: '[::1:9000' }",
						".web.address='[::1:9000': There is no IPv6 address in brackets. Write host:port, [IPv6 address]:port, or :port for every address of this machine (application.yml - 3:21)"),
				bad("IPv4 in brackets", "web: { address: '[127.0.0.1]:80' }",
						".web.address='[127.0.0.1]:80': There is no IPv6 address in brackets. Write host:port, [IPv6 address]:port, or :port for every address of this machine (application.yml - 3:21)"),
				bad("an unknown scope", "web: { address: '[::1%nosuch]:80' }",
						".web.address='[::1%nosuch]:80': '::1%nosuch' is no IPv6 address, or its scope is no interface of this machine. Write host:port, [IPv6 address]:port, or :port for every address of this machine (application.yml - 3:21)"),
				bad("no IPv6 address in brackets", "web: { address: '[g::1]:80' }",
						".web.address='[g::1]:80': 'g::1' is no IPv6 address, or its scope is no interface of this machine. Write host:port, [IPv6 address]:port, or :port for every address of this machine (application.yml - 3:21)"),
				bad("a URL", "web: { address: 'http://127.0.0.1:8080' }",
						".web.address='http://127.0.0.1:8080': That is a URL, not an address. Write host:port, [IPv6 address]:port, or :port for every address of this machine (application.yml - 3:21)"),
				bad("a host that can't be resolved", "web: { address: '{label}:80' }",
						".web.address='{label}:80': The host '{label}' can't be resolved. Check its spelling, the hosts file and the name server, or write a numeric address (application.yml - 3:21)"),
				bad("a relative path", "web: { address: run/web.sock }",
						".web.address='run/web.sock': The path of a Unix socket is absolute, and begins with a slash. Write the whole path, or @name for a name in the abstract namespace (application.yml - 3:21)"),
				bad("a relative path, with a network", "web: { network: unix, address: web.sock }",
						".web.address='web.sock': The path of a Unix socket is absolute, and begins with a slash. Write the whole path, or @name for a name in the abstract namespace (application.yml - 3:36)"),
				bad("a path that is too long", "web: { address: '/{long}' }",
						".web.address='/{long}': The path of a Unix socket has at most 107 bytes, and this has 109. Write a shorter path (application.yml - 3:21)"),
				bad("a directory that is missing", "web: { address: '{dir}/none/web.sock' }",
						".web.address='{dir}/none/web.sock': The directory {dir}/none does not exist. Create it, with this user as its owner (application.yml - 3:21)"),
				bad("a file that is no socket", "web: { address: '{dir}/file' }",
						".web.address='{dir}/file': There is a file that is no socket, and it is left alone. Move it away, or write another path (application.yml - 3:21)"),
				bad("a directory", "web: { address: '{dir}' }",
						".web.address='{dir}': There is a directory. Write the path of a socket in it (application.yml - 3:21)"),
				bad("the root", "web: { address: / }",
						".web.address='/': There is a directory. Write the path of a socket in it (application.yml - 3:21)"),
				bad("a symbolic link", "web: { address: '{dir}/link' }",
						".web.address='{dir}/link': There is a symbolic link. Write the path that it points to, or remove it (application.yml - 3:21)"),
				bad("a character that no path has", "web: { address: \"/run/web\\0.sock\" }",
						".web.address='/run/web?.sock': That is no path: Nul character not allowed. Write another one, or start the daemon with a UTF-8 locale, LANG=C.UTF-8 (application.yml - 3:21)"),
				bad("an abstract name that is empty", "web: { address: '@' }",
						".web.address='@': The abstract namespace has no empty name. Write a name after the @ (application.yml - 3:21)"),
				bad("an abstract name that is too long", "web: { address: '@{long}' }",
						".web.address='@{long}': A name in the abstract namespace has at most 107 bytes, and this has 108. Write a shorter name (application.yml - 3:21)"),
				bad("an abstract name that would change", "web: { address: '@a//b' }",
						".web.address='@a//b': That name can't be kept as it is. Write one without slashes, of characters that the locale knows (application.yml - 3:21)"),
				bad("an unknown network", "web: { network: udp, address: ':8080' }",
						".web.network='udp': There is no such network. Write one of tcp, unix (application.yml - 3:21)"),
				bad("a network that is not the path's", "web: { network: tcp, address: '{dir}/web.sock' }",
						".web.network='tcp': The address '{dir}/web.sock' belongs to the network unix. Leave the network out, or write an address of tcp (application.yml - 3:21)"),
				bad("a network that is not the port's", "web: { network: unix, address: ':8080' }",
						".web.network='unix': The address ':8080' belongs to the network tcp. Leave the network out, or write an address of unix (application.yml - 3:21)"),
				bad("a network that is not the abstract name's", "web: { network: tcp, address: '@web' }",
						".web.network='tcp': The address '@web' belongs to the network unix. Leave the network out, or write an address of tcp (application.yml - 3:21)"),
				bad("an unknown protocol", "web: { protocol: gopher, address: ':8080' }",
						".web.protocol='gopher': There is no such protocol. Write one of tcp, http, https, fcgi (application.yml - 3:22)"),
				bad("FastCGI with TLS", "web: { protocol: fcgi, address: ':8080', ssl: { bundle: web } }",
						".web.ssl.bundle='web': Only directives of the protocol https use TLS. Set gozd.directives.web.protocol=https, or remove the property (application.yml - 3:61)"),
				bad("FastCGI of another protocol", "web: { address: ':8080', fcgi: { max-params: 5 } }",
						".web.fcgi.max-params='5': Only directives of the protocol fcgi have that property. Set gozd.directives.web.protocol=fcgi, or remove the property (application.yml - 3:50)"),
				bad("a property of FastCGI that is misspelled", "web: { protocol: fcgi, address: ':8080', fcgi: { max-param: 5 } }",
						".web.fcgi.max-param='5': A directive has no such property. Did you mean fcgi.max-params? A directive has fcgi.params-timeout, fcgi.read-timeout, fcgi.idle-timeout, fcgi.max-params-size, fcgi.max-params, fcgi.max-headers, fcgi.max-swallow-size, fcgi.uri-source, fcgi.host-port, fcgi.trust-remote-user, fcgi.trust-ssl, fcgi.report-errors, fcgi.web-servers (application.yml - 3:65)"),
				bad("everything about FastCGI", "web: { protocol: fcgi, address: ':8080', fcgi: { params-timeout: soon, read-timeout: 0s, idle-timeout: 25d, max-params-size: 17MB, max-params: 0, max-headers: many, max-swallow-size: -1, uri-source: path-info, host-port: 80, trust-remote-user: 1, trust-ssl: yeah, report-errors: stderr, web-servers: 'localhost, 127.0.0.1' } }",
						".web.fcgi.params-timeout='soon': That is no time from 1ms to 24d. Write a number and a unit, such as 15s (application.yml - 3:70)",
						".web.fcgi.read-timeout='0s': That is no time from 1ms to 24d. Write a number and a unit, such as 60s (application.yml - 3:90)",
						".web.fcgi.idle-timeout='25d': That is no time from 1ms to 24d. Write a number and a unit, such as 75s (application.yml - 3:108)",
						".web.fcgi.max-params-size='17MB': That is no size from 1B to 16MB. Write a number and a unit, such as 128KB (application.yml - 3:130)",
						".web.fcgi.max-params='0': That is no number from 1 to 2147483647. Write such a number, or leave the property out for 1000 (application.yml - 3:148)",
						".web.fcgi.max-headers='many': That is no number from 1 to 2147483647. Write such a number, or leave the property out for 100 (application.yml - 3:164)",
						".web.fcgi.max-swallow-size='-1': That is no size from 1B on. Write a number and a unit, such as 2048KB (application.yml - 3:188)",
						".web.fcgi.uri-source='path-info': There is no such choice. Write one of request-uri, script-name (application.yml - 3:204)",
						".web.fcgi.host-port='80': There is no such choice. Write one of header, server-port (application.yml - 3:226)",
						".web.fcgi.trust-remote-user='1': There is no such choice. Write one of false, true (application.yml - 3:249)",
						".web.fcgi.trust-ssl='yeah': There is no such choice. Write one of false, true (application.yml - 3:263)",
						".web.fcgi.report-errors='stderr': There is no such choice. Write one of false, true (application.yml - 3:284)",
						".web.fcgi.web-servers='localhost, 127.0.0.1': 'localhost' is no address. Write addresses such as 127.0.0.1 or ::1, with commas between them (application.yml - 3:305)"),
				bad("web servers of a Unix socket", "web: { fcgi: { web-servers: 127.0.0.1 }, protocol: fcgi, address: '{dir}/web.sock' }",
						".web.fcgi.web-servers='127.0.0.1': A Unix socket does not know the address of its peer. Remove the property, and say with chmod who may connect (application.yml - 3:33)"),
				bad("no address", "web: { protocol: http }",
						".web.address: The directive has no address. Write one, such as 127.0.0.1:8080, :8080, /run/my.sock or @name (application.yml - 3:22)"),
				bad("nothing at all", "web:",
						".web.address: The directive has no address. Write one, such as 127.0.0.1:8080, :8080, /run/my.sock or @name (application.yml - 3:9)"),
				bad("a blank address", "web: { address: ' ' }",
						".web.address: The directive has no address. Write one, such as 127.0.0.1:8080, :8080, /run/my.sock or @name (application.yml - 3:21)"),
				bad("a value instead of properties", "web: ':8080'",
						".web=':8080': A directive has properties, not a value. Write gozd.directives.web.address for where it listens (application.yml - 3:10)"),
				bad("a property without an id", "address: ':8080'",
						".address=':8080': A directive has properties, not a value. Write it as gozd.directives.<id>.address (application.yml - 3:14)"),
				bad("a property that is misspelled", "web: { adress: ':8080' }",
						".web.adress=':8080': A directive has no such property. Did you mean address? A directive has network, address, chmod, backlog, max-connections, protocol, ssl.bundle, ssl.client-auth, and for FastCGI fcgi.* (application.yml - 3:20)",
						".web.address: The directive has no address. Write one, such as 127.0.0.1:8080, :8080, /run/my.sock or @name (application.yml - 3:20)"),
				bad("a property that is unknown", "web: { address: ':8080', port: 80 }",
						".web.port='80': A directive has no such property. A directive has network, address, chmod, backlog, max-connections, protocol, ssl.bundle, ssl.client-auth, and for FastCGI fcgi.* (application.yml - 3:36)"),
				bad("a property that has parts", "web: { address: ':8080', ssl: web }",
						".web.ssl='web': A directive has no such property. Did you mean ssl.bundle? A directive has network, address, chmod, backlog, max-connections, protocol, ssl.bundle, ssl.client-auth, and for FastCGI fcgi.* (application.yml - 3:35)"),
				bad("a list of addresses", "web: { address: [':8080', ':8081'] }",
						".web.address[0]=':8080': A directive has no such property. Did you mean address? A directive has network, address, chmod, backlog, max-connections, protocol, ssl.bundle, ssl.client-auth, and for FastCGI fcgi.* (application.yml - 3:22)",
						".web.address[1]=':8081': A directive has no such property. Did you mean address? A directive has network, address, chmod, backlog, max-connections, protocol, ssl.bundle, ssl.client-auth, and for FastCGI fcgi.* (application.yml - 3:31)",
						".web.address: The directive has no address. Write one, such as 127.0.0.1:8080, :8080, /run/my.sock or @name (application.yml - 3:22)"),
				bad("a mode of a port", "web: { address: ':8080', chmod: 0660 }",
						".web.chmod='432': A port of TCP has no file, so it has no mode. Remove the property (application.yml - 3:37)"),
				bad("a mode of an abstract name", "web: { address: '@web', chmod: 0660 }",
						".web.chmod='432': A name in the abstract namespace has no file, so it has no mode. Remove the property (application.yml - 3:36)"),
				bad("a mode beyond 0777", "web: { chmod: 01777, address: '{dir}/web.sock' }",
						".web.chmod='1023': A file mode is from 0 to 0777, and this is 01777. Write one such as 0660 or rw-rw---- (application.yml - 3:19)"),
				bad("a mode beyond 0777 as text", "web: { chmod: '01777', address: '{dir}/web.sock' }",
						".web.chmod='01777': A file mode is from 0 to 0777, and this is 01777. Write one such as 0660 or rw-rw---- (application.yml - 3:19)"),
				bad("a mode without its zero", "web: { chmod: 660, address: '{dir}/web.sock' }",
						".web.chmod='660': A file mode is from 0 to 0777, and this is 01224. Write 0660: without the leading zero YAML takes it for a decimal number (application.yml - 3:19)"),
				bad("a mode as chmod(1) changes it", "web: { chmod: u=rw, address: '{dir}/web.sock' }",
						".web.chmod='u=rw': That is no file mode. Write one such as 0660 or rw-rw---- (application.yml - 3:19)"),
				bad("a mode that is not octal", "web: { chmod: '0888', address: '{dir}/web.sock' }",
						".web.chmod='0888': That is no file mode. Write one such as 0660 or rw-rw---- (application.yml - 3:19)"),
				bad("a negative mode", "web: { chmod: -1, address: '{dir}/web.sock' }",
						".web.chmod='-1': A file mode is from 0 to 0777. Write one such as 0660 or rw-rw---- (application.yml - 3:19)"),
				bad("a mode that is endless", "web: { chmod: '0666666666666666666666666', address: '{dir}/web.sock' }",
						".web.chmod='0666666666666666666666666': A file mode is from 0 to 0777. Write one such as 0660 or rw-rw---- (application.yml - 3:19)"),
				bad("a backlog of nothing", "web: { address: ':8080', backlog: 0 }",
						".web.backlog='0': That is no number from 1 to 2147483647. Write such a number, or leave the property out for 100 (application.yml - 3:39)"),
				bad("a backlog that is no number", "web: { address: ':8080', backlog: many }",
						".web.backlog='many': That is no number from 1 to 2147483647. Write such a number, or leave the property out for 100 (application.yml - 3:39)"),
				bad("a backlog that is too large", "web: { address: ':8080', backlog: 2147483648 }",
						".web.backlog='2147483648': That is no number from 1 to 2147483647. Write such a number, or leave the property out for 100 (application.yml - 3:39)"),
				bad("no connections at all", "echo: { address: ':9000', max-connections: 0 }",
						".echo.max-connections='0': That is no number from 1 to 2147483647. Write such a number, or leave the property out for 200 (application.yml - 3:48)"),
				bad("connections of HTTP", "web: { address: ':8080', max-connections: 9 }",
						".web.max-connections='9': Only directives of the protocol tcp have that property. Set gozd.directives.web.protocol=tcp, or remove it: server.tomcat.max-connections counts for HTTP (application.yml - 3:47)"),
				bad("a bundle without TLS", "web: { address: ':8080', ssl: { bundle: web } }",
						".web.ssl.bundle='web': Only directives of the protocol https use TLS. Set gozd.directives.web.protocol=https, or remove the property (application.yml - 3:45)"),
				bad("certificates without TLS", "echo: { address: ':9000', ssl: { client-auth: need } }",
						".echo.ssl.client-auth='need': Only directives of the protocol https use TLS. Set gozd.directives.echo.protocol=https, or remove the property (application.yml - 3:51)"),
				bad("TLS without a bundle", "web: { address: ':8443', protocol: https }",
						".web.ssl.bundle: A directive of the protocol https needs a certificate. Name an SSL bundle, one that is configured below spring.ssl.bundle (application.yml - 3:21)"),
				bad("an unknown bundle", "web: { address: ':8443', protocol: https, ssl: { bundle: mine } }",
						".web.ssl.bundle='mine': There is no SSL bundle of that name. There are web (application.yml - 3:62)"),
				bad("an unknown choice", "web: { address: ':8443', protocol: https, ssl: { bundle: web, client-auth: maybe } }",
						".web.ssl.client-auth='maybe': There is no such choice. Write one of none, want, need (application.yml - 3:80)"),
				bad("one address twice", "a: { address: '127.0.0.1:8080' }\nb: { address: '127.0.0.1:8080' }",
						".b.address='127.0.0.1:8080': The address is the same as gozd.directives.a.address=127.0.0.1:8080. Give one of them another address, or remove it (application.yml - 4:19)"),
				bad("every address twice", "a: { address: ':8080' }\nb: { address: '0.0.0.0:8080' }",
						".b.address='0.0.0.0:8080': The address is the same as gozd.directives.a.address=:8080. Give one of them another address, or remove it (application.yml - 4:19)"),
				bad("a host and every host", "a: { address: '127.0.0.1:8080' }\nb: { address: '*:8080' }",
						".b.address='*:8080': The address overlaps with gozd.directives.a.address=127.0.0.1:8080. Give one of them another address, or remove it (application.yml - 4:19)"),
				bad("every host and a host", "a: { address: '[::]:8080' }\nb: { address: '[::1]:8080' }",
						".b.address='[::1]:8080': The address overlaps with gozd.directives.a.address=[::]:8080. Give one of them another address, or remove it (application.yml - 4:19)"),
				bad("one path twice", "a: { address: '{dir}/web.sock' }\nb: { address: '{dir}/web.sock' }",
						".b.address='{dir}/web.sock': The address is the same as gozd.directives.a.address={dir}/web.sock. Give one of them another address, or remove it (application.yml - 4:19)"),
				bad("one path in two spellings", "a: { address: '{dir}/web.sock' }\nb: { address: '{dir}/here/web.sock' }",
						".b.address='{dir}/here/web.sock': The address is the same as gozd.directives.a.address={dir}/web.sock. Give one of them another address, or remove it (application.yml - 4:19)"),
				bad("one abstract name twice", "a: { address: '@web' }\nb: { address: '@web' }",
						".b.address='@web': The address is the same as gozd.directives.a.address=@web. Give one of them another address, or remove it (application.yml - 4:19)"),
				bad("an empty id", "'': { address: ':8080' }",
						".: A directive has an id. Write one before its properties (application.yml - 3:20)"),
				bad("an id with a blank", "a b: { address: ':8080' }",
						".a b: The id 'a b' has characters that no id has. Use letters of ASCII, digits, dots, dashes and underscores (application.yml - 3:21)"),
				bad("an id with letters that are not ASCII", "büro: { address: ':8080' }",
						".büro: The id 'büro' has characters that no id has. Use letters of ASCII, digits, dots, dashes and underscores (application.yml - 3:22)"),
				bad("ids that can't be told apart", "tcp_sock: { address: ':8080' }\ntcp-sock: { backlog: 9 }",
						".tcp-sock: The ids 'tcp_sock' and 'tcp-sock' can't be told apart: only their letters and digits count. Give one of them another id (application.yml - 4:26)"),
				bad("a placeholder of nothing", "web: { address: ':${nothing}' }",
						".web.address=':${nothing}': A placeholder can't be resolved: Could not resolve placeholder 'nothing' in value \":${nothing}\". Set what it names, or give it a default, as in ${name:default} (application.yml - 3:21)"),
				bad("several faults of one directive", "web: { network: pipe, address: 8080, protocol: ftp, backlog: -1, ssl: { x: y } }",
						".web.ssl.x='y': A directive has no such property. A directive has network, address, chmod, backlog, max-connections, protocol, ssl.bundle, ssl.client-auth, and for FastCGI fcgi.* (application.yml - 3:80)",
						".web.network='pipe': There is no such network. Write one of tcp, unix (application.yml - 3:21)",
						".web.address='8080': A port alone has a colon before it. Write :8080 (application.yml - 3:36)",
						".web.protocol='ftp': There is no such protocol. Write one of tcp, http, https, fcgi (application.yml - 3:52)",
						".web.backlog='-1': That is no number from 1 to 2147483647. Write such a number, or leave the property out for 100 (application.yml - 3:66)"),
				bad("faults of several directives", "a: { address: ':http' }\n'my.id': { address: ':1', chmod: 0600 }\n'[my.id]': { address: ':1', chmod: 0600 }",
						".a.address=':http': 'http' is no port. A port is a number from 1 to 65535, or 0 for any that is free (application.yml - 3:19)",
						".my.id.address=':1': A directive has no such property. An id with dots is written in brackets, gozd.directives[my.id].address (application.yml - 4:25)",
						".my.id.chmod='384': A directive has no such property. An id with dots is written in brackets, gozd.directives[my.id].address (application.yml - 4:38)",
						".my.address: The directive has no address. Write one, such as 127.0.0.1:8080, :8080, /run/my.sock or @name (application.yml - 4:25)",
						"[my.id].chmod='384': A port of TCP has no file, so it has no mode. Remove the property (application.yml - 5:40)"));
	}
	// @formatter:on

	@ParameterizedTest(name = "{0}")
	@MethodSource("configurations")
	void isSaid(Bad bad) {
		List<Fault> faults = Configuration.directives(fill(bad.yaml)).read().faults();
		assertThat(faults).extracting(Fault::toString)
			.containsExactlyElementsOf(bad.faults.stream().map((fault) -> "gozd.directives" + fill(fault)).toList());
	}

	private String fill(String text) {
		return text.replace("{dir}", this.directory.toString()).replace("{long}", LONG).replace("{label}", LABEL);
	}

	@Test
	void filesOfPropertiesHaveLinesToo() {
		assertThat(new Configuration().properties("""
				# A comment.
				gozd.directives.web.address = 127.0.0.1
				gozd.directives.web.chmod: 660
				gozd.directives[my.id].address=:http
				gozd.directives..address=:8081
				""").read().faults()).extracting(Fault::toString)
			.containsExactly(
					"gozd.directives.web.address='127.0.0.1': The port is missing. Write 127.0.0.1:8080, say"
							+ " (application.properties - 2:31)",
					"gozd.directives[my.id].address=':http': 'http' is no port. A port is a number from 1 to 65535, or 0"
							+ " for any that is free (application.properties - 4:32)",
					"gozd.directives.: A directive has an id. Write one before its properties"
							+ " (application.properties - 5:26)");
	}

	@Test
	void directivesAreAMap() {
		assertThat(new Configuration().yaml("gozd:\n  directives: ':8080'\n").read().faults())
			.extracting(Fault::toString)
			.containsExactly(
					"gozd.directives=':8080': Directives are a map from ids to their properties, not a value. Write"
							+ " gozd.directives.web.address=:8080 (application.yml - 2:15)");
	}

	@Test
	void variablesAndOptionsHaveNoLine() {
		Configuration configuration = new Configuration().variables(Map.of("GOZD_DIRECTIVES_WEB_ADDRESS", "8080"))
			.options(Map.of("gozd.directives.web.backlog", 0));
		assertThat(configuration.read().faults()).extracting(Fault::toString)
			.containsExactly(
					"gozd.directives.web.address='8080': A port alone has a colon before it. Write :8080"
							+ " (\"GOZD_DIRECTIVES_WEB_ADDRESS\" from property source \"systemEnvironment\")",
					"gozd.directives.web.backlog='0': That is no number from 1 to 2147483647. Write such a number, or leave"
							+ " the property out for 100 (\"gozd.directives.web.backlog\" from property source \"options\")");
	}

	@Test
	void theValueThatCountsIsTheOneThatIsSaid() {
		Configuration configuration = Configuration.directives("web: { address: ':8080', backlog: 9 }")
			.variables(Map.of("GOZD_DIRECTIVES_WEB_BACKLOG", "none"));
		assertThat(configuration.read().faults()).extracting(Fault::value).containsExactly("none");
	}

	@Test
	void aDirectoryThatIsClosedIsSaid() throws IOException {
		Path closed = Files.createDirectory(this.directory.resolve("closed"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
		assumeThat(closed).as("nothing is closed to root").matches((path) -> !Files.isWritable(path));
		assertThat(Configuration.directives("web: { address: " + closed + "/web.sock }").read().faults())
			.extracting(Fault::description)
			.containsExactly("The user " + System.getProperty("user.name") + " may not make files in " + closed);
	}

	private static Bad bad(String name, String yaml, String... faults) {
		return new Bad(name, yaml, List.of(faults));
	}

	private record Bad(String name, String yaml, List<String> faults) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
