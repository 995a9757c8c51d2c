package io.gozd.directive;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.gozd.listener.Directive;
import io.gozd.listener.FcgiSettings;
import io.gozd.listener.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

final class GoodDirectivesTests {

	private Path directory;

	@BeforeEach
	void makeDirectory() throws IOException {
		// Shorter than JUnit's own: a path has at most 107 bytes.
		this.directory = Files.createTempDirectory("gozd");
	}

	@AfterEach
	void removeDirectory() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
	}

	@Test
	void nothingIsConfigured() {
		assertThat(all(new Configuration())).isEmpty();
		assertThat(all(new Configuration().yaml("gozd:\n  directives:\n"))).isEmpty();
	}

	@Test
	void theDesignsExampleIsUnderstood() {
		List<Directive> directives = all(Configuration.directives("""
				web:   { network: tcp,  address: "127.0.0.1:8080", protocol: http }
				tls:   { network: tcp,  address: ":8443", protocol: https, ssl: { bundle: web } }
				sock:  { network: unix, address: %s/s.sock, chmod: 0660, protocol: http, backlog: 7 }
				echo:  { network: tcp,  address: "[::1]:9000", protocol: tcp, max-connections: 9 }
				""".formatted(this.directory)));
		assertThat(directives).containsExactly(
				new Directive("web", new InetSocketAddress("127.0.0.1", 8080), Protocol.HTTP, mode("rw-rw-rw-"), 100,
						200, null, null),
				new Directive("tls", new InetSocketAddress(8443), Protocol.HTTPS, mode("rw-rw-rw-"), 100, 200, "web",
						null),
				new Directive("sock", UnixDomainSocketAddress.of(this.directory.resolve("s.sock")), Protocol.HTTP,
						mode("rw-rw----"), 7, 200, null, null),
				new Directive("echo", new InetSocketAddress("::1", 9000), Protocol.TCP, mode("rw-rw-rw-"), 100, 9, null,
						null));
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1:8080, 127.0.0.1, 8080", ":8080, 0.0.0.0, 8080", "*:8080, 0.0.0.0, 8080",
			"0.0.0.0:8080, 0.0.0.0, 8080", "[::1]:9000, ::1, 9000", "[::]:9000, ::, 9000", "127.0.0.1:0, 127.0.0.1, 0",
			":0, 0.0.0.0, 0", "[0:0:0:0:0:0:0:1]:65535, ::1, 65535", "[::ffff:127.0.0.1]:80, 127.0.0.1, 80" })
	void addressesOfTcp(String text, String host, int port) throws IOException {
		Directive directive = one("address: '" + text + "'");
		InetSocketAddress address = (InetSocketAddress) directive.address();
		assertThat(address.getPort()).isEqualTo(port);
		assertThat(address.getAddress().isAnyLocalAddress()).isEqualTo(InetAddress.getByName(host).isAnyLocalAddress());
		if (!address.getAddress().isAnyLocalAddress()) {
			assertThat(address.getAddress()).isEqualTo(InetAddress.getByName(host));
		}
		assertThat(directive.isTcp()).isTrue();
	}

	@Test
	void aScopeIsKept() {
		InetSocketAddress address = (InetSocketAddress) one("address: '[::1%lo]:9000'").address();
		assertThat(address.getAddress().getHostAddress()).endsWith("%lo");
	}

	@Test
	void aHostIsResolved() {
		InetSocketAddress address = (InetSocketAddress) one("address: localhost:8080").address();
		assertThat(address.isUnresolved()).isFalse();
		assertThat(address.getAddress().isLoopbackAddress()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "network: unix, ", "network: UNIX, " })
	void anAddressThatBeginsWithASlashIsAPath(String network) {
		Path path = this.directory.resolve("s.sock");
		Directive directive = one(network + "address: " + path);
		assertThat(directive.address()).isEqualTo(UnixDomainSocketAddress.of(path));
		assertThat(directive.isTcp()).isFalse();
		assertThat(directive.protocol()).isEqualTo(Protocol.HTTP);
	}

	@Test
	void aNameInTheAbstractNamespaceKeepsItsSign() {
		assertThat(one("address: '@my/name'").address()).hasToString("@my/name");
		String longest = "@" + "n".repeat(107);
		assertThat(one("address: '" + longest + "'").address()).hasToString(longest);
	}

	@Test
	void thePathMayHave107Bytes() {
		String prefix = this.directory + "/";
		String longest = prefix + "s".repeat(107 - prefix.length());
		assertThat(one("address: " + longest).address()).hasToString(longest);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0660", "'0660'", "'660'", "0o660", "'0o660'", "'0O660'", "rw-rw----", "432", "'000660'" })
	void theModeHasManyForms(String chmod) {
		Directive directive = one("address: " + this.directory.resolve("s.sock") + ", chmod: " + chmod);
		assertThat(directive.mode()).isEqualTo(mode("rw-rw----"));
	}

	@Test
	void theModeOfPropertiesAndVariablesIsOctal() {
		Path path = this.directory.resolve("s.sock");
		assertThat(all(new Configuration()
			.properties("gozd.directives.web.address=" + path + "\ngozd.directives.web.chmod=0640\n")).get(0).mode())
			.isEqualTo(mode("rw-r-----"));
		assertThat(all(new Configuration()
			.variables(Map.of("GOZD_DIRECTIVES_WEB_ADDRESS", path.toString(), "GOZD_DIRECTIVES_WEB_CHMOD", "432")))
			.get(0)
			.mode()).isEqualTo(mode("r---wx-w-"));
	}

	@Test
	void everyBitOfTheModeIsUnderstood() {
		Path path = this.directory.resolve("s.sock");
		assertThat(one("address: " + path + ", chmod: 0777").mode()).isEqualTo(mode("rwxrwxrwx"));
		assertThat(one("address: " + path + ", chmod: 0421").mode()).isEqualTo(mode("r---w---x"));
		assertThat(one("address: " + path + ", chmod: 0").mode()).isEmpty();
	}

	@Test
	void theProtocolOfWhatAHandlerClaimsIsTcp() {
		List<Directive> directives = all(Configuration.directives("""
				echo: { address: ":9000" }
				web:  { address: ":8080" }
				"""));
		assertThat(directives).extracting(Directive::protocol).containsExactly(Protocol.TCP, Protocol.HTTP);
	}

	@Test
	void theBacklogIsThatOfTomcat() {
		assertThat(all(Configuration.directives("web: { address: ':8080' }")
			.options(Map.of("server.tomcat.accept-count", "17"))).get(0).backlog()).isEqualTo(17);
		assertThat(all(Configuration.directives("web: { address: ':8080' }")
			.options(Map.of("server.tomcat.accept-count", "0"))).get(0).backlog()).isEqualTo(100);
	}

	@Test
	void virtualThreadsAllowMoreConnections() {
		Directive directive = all(Configuration.directives("echo: { address: ':9000' }")
			.options(Map.of("spring.threads.virtual.enabled", "true"))).get(0);
		assertThat(directive.maxConnections()).isEqualTo((Runtime.version().feature() >= 21) ? 8192 : 200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "want", "need", "NEED" })
	void clientsMayShowACertificate(String choice) {
		Directive directive = one(
				"address: ':8443', protocol: HTTPS, ssl: { bundle: web, clientAuth: " + choice + " }");
		assertThat(directive.clientAuth()).isEqualToIgnoringCase(choice).isLowerCase();
		assertThat(directive.sslBundle()).isEqualTo("web");
	}

	@Test
	void fastCgiHasDefaults() {
		Directive directive = one("address: '127.0.0.1:9000', protocol: fcgi");
		assertThat(directive.protocol()).isEqualTo(Protocol.FCGI);
		assertThat(directive.fcgi()).isEqualTo(FcgiSettings.DEFAULTS);
		assertThat(directive.backlog()).as("a web server does not wait").isEqualTo(4096);
	}

	@Test
	void everythingAboutFastCgiCanBeSaid() throws IOException {
		Directive directive = one("""
				address: '127.0.0.1:9000', protocol: fcgi, backlog: 7, fcgi: { params-timeout: 1s, readTimeout: 2m, \
				idle-timeout: PT3H, max-params-size: 4KB, max-params: 5, max-headers: 6, max-swallow-size: 7MB, \
				uri-source: script-name, host-port: SERVER-PORT, trust-remote-user: true, trust-ssl: 'TRUE', \
				report-errors: true, web-servers: '127.0.0.1, ::1,' }""");
		assertThat(directive.backlog()).isEqualTo(7);
		assertThat(directive.fcgi()).isEqualTo(new FcgiSettings(Duration.ofSeconds(1), Duration.ofMinutes(2),
				Duration.ofHours(3), 4096, 5, 6, 7 * 1024 * 1024, true, true, true, true, true,
				Set.of(InetAddress.getByName("127.0.0.1"), InetAddress.getByName("::1"))));
	}

	@Test
	void variablesCanSayThingsAboutFastCgi() {
		Directive directive = all(
				Configuration.directives("fcgi: { address: ':9000', protocol: fcgi }")
					.variables(Map.of("GOZD_DIRECTIVES_FCGI_FCGI_MAX_PARAMS_SIZE", "3MB",
							"GOZD_DIRECTIVES_FCGI_BACKLOG", "9", "FCGI_WEB_SERVER_ADDRS", "192.0.2.1,192.0.2.2")))
			.get(0);
		assertThat(directive.fcgi().maxParamsSize()).isEqualTo(3 * 1024 * 1024);
		assertThat(directive.fcgi().webServers()).extracting(InetAddress::getHostAddress)
			.containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
		assertThat(directive.backlog()).isEqualTo(9);
	}

	@Test
	void aBlankValueCountsAsNone() {
		Directive directive = one("address: ':8080', backlog: '', chmod: , protocol: '${nothing:}'");
		assertThat(directive.backlog()).isEqualTo(100);
		assertThat(directive.protocol()).isEqualTo(Protocol.HTTP);
	}

	@Test
	void placeholdersAreReplaced() {
		Directive directive = all(Configuration.directives("web: { address: '${host}:${port:8081}' }")
			.options(Map.of("host", "127.0.0.1"))).get(0);
		assertThat(directive.address()).isEqualTo(new InetSocketAddress("127.0.0.1", 8081));
	}

	@Test
	void addressesThatDoNotOverlapStandSideBySide() {
		assertThat(all(Configuration.directives("""
				a: { address: "127.0.0.1:8080" }
				b: { address: "127.0.0.2:8080" }
				c: { address: "[::1]:8080" }
				d: { address: ":8081" }
				e: { address: ":0" }
				f: { address: ":0" }
				g: { address: "%1$s/g.sock" }
				h: { address: "%1$s/h.sock" }
				i: { address: "@g.sock" }
				""".formatted(this.directory)))).hasSize(9);
	}

	private static Directive one(String properties) {
		List<Directive> directives = all(Configuration.directives("web: { " + properties + " }"));
		assertThat(directives).hasSize(1);
		return directives.get(0);
	}

	private static List<Directive> all(Configuration configuration) {
		ConfiguredDirectives directives = configuration.read();
		assertThat(directives.faults()).isEmpty();
		return directives.valid();
	}

	private static Set<PosixFilePermission> mode(String letters) {
		return PosixFilePermissions.fromString(letters);
	}

}
