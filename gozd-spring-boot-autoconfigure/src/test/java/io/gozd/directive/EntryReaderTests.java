package io.gozd.directive;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class EntryReaderTests {

	@Test
	void idsKeepTheirSpellingAndOrder() {
		assertThat(ids(Configuration.directives("""
				tcp_sock: { address: ":1" }
				tcp-port: { address: ":2" }
				HttpSock: { address: ":3" }
				"[my.id]": { address: ":4" }
				9: { address: ":5" }
				a: { address: ":6" }
				"""))).containsExactly("tcp_sock", "tcp-port", "HttpSock", "my.id", "9", "a");
		assertThat(ids(new Configuration().properties("""
				gozd.directives.tcp_sock.address=:1
				gozd.directives[my.id].address=:2
				gozd.directives.[other.id].address=:3
				gozd.directives.tcp-port.address=:4
				gozd.directives.tcp_sock.backlog=4
				"""))).containsExactly("tcp_sock", "my.id", "other.id", "tcp-port");
	}

	@Test
	void aVariableMeansTheDirectiveThatThereIs() {
		Configuration configuration = Configuration.directives("""
				tcp_sock: { address: ":1" }
				tcp-port: { address: ":2" }
				httpSock: { address: ":3" }
				""")
			.variables(Map.of("GOZD_DIRECTIVES_TCP_SOCK_ADDRESS", ":11", "GOZD_DIRECTIVES_TCPPORT_ADDRESS", ":12",
					"GOZD_DIRECTIVES_HTTP_SOCK_ADDRESS", ":13"));
		List<DirectiveEntry> entries = new EntryReader(configuration.environment()).entries();
		assertThat(entries).extracting(DirectiveEntry::id).containsExactly("tcp_sock", "tcp-port", "httpSock");
		assertThat(entries).extracting((entry) -> entry.text(DirectiveProperty.ADDRESS))
			.containsExactly(":11", ":12", ":13");
	}

	@Test
	void aVariableCanDeclareADirective() {
		Map<String, Object> variables = Map.of("GOZD_DIRECTIVES_TCP_SOCK_ADDRESS", ":1",
				"GOZD_DIRECTIVES_TCP_SOCK_MAX_CONNECTIONS", "2", "GOZD_DIRECTIVES_TCP_SOCK_SSL_BUNDLE", "web",
				"GOZD_DIRECTIVES_TCPSOCK_SSL_CLIENT_AUTH", "need", "GOZD_DIRECTIVES_TCPSOCK_PROTOCOL", "https");
		List<DirectiveEntry> entries = new EntryReader(new Configuration().variables(variables).environment())
			.entries();
		assertThat(entries).hasSize(1);
		DirectiveEntry entry = entries.get(0);
		assertThat(entry.id()).isIn("tcp_sock", "tcpsock");
		assertThat(entry.unknown()).isEmpty();
		assertThat(entry.text(DirectiveProperty.ADDRESS)).isEqualTo(":1");
		assertThat(entry.text(DirectiveProperty.MAX_CONNECTIONS)).isEqualTo("2");
		assertThat(entry.text(DirectiveProperty.SSL_BUNDLE)).isEqualTo("web");
		assertThat(entry.text(DirectiveProperty.SSL_CLIENT_AUTH)).isEqualTo("need");
		assertThat(entry.text(DirectiveProperty.PROTOCOL)).isEqualTo("https");
	}

	@Test
	void aVariableWithDotsIsReadAsAnOption() {
		Configuration configuration = new Configuration().variables(Map.of("gozd.directives.tcp_sock.address", ":1"));
		assertThat(ids(configuration)).containsExactly("tcp_sock");
	}

	@Test
	void propertiesAreOverriddenOneByOne() {
		Configuration configuration = Configuration.directives("""
				web: { address: ":1", backlog: 1, protocol: http }
				tls: { address: ":2" }
				""")
			.variables(Map.of("GOZD_DIRECTIVES_WEB_BACKLOG", "2"))
			.options(Map.of("gozd.directives.tls.address", ":3", "gozd.directives.Web.protocol", "tcp",
					"gozd.directives.new.address", ":4"));
		List<DirectiveEntry> entries = new EntryReader(configuration.environment()).entries();
		assertThat(entries).extracting(DirectiveEntry::id).containsExactly("web", "tls", "new");
		DirectiveEntry web = entries.get(0);
		assertThat(web.text(DirectiveProperty.ADDRESS)).isEqualTo(":1");
		assertThat(web.text(DirectiveProperty.BACKLOG)).isEqualTo("2");
		assertThat(web.text(DirectiveProperty.PROTOCOL)).isEqualTo("tcp");
		assertThat(entries.get(1).text(DirectiveProperty.ADDRESS)).isEqualTo(":3");
	}

	@Test
	void aPlaceholderOfAnOverriddenValueNeedNotBeResolved() {
		Configuration configuration = Configuration.directives("web: { address: '${nothing}' }")
			.options(Map.of("gozd.directives.web.address", ":1"));
		DirectiveEntry entry = new EntryReader(configuration.environment()).entries().get(0);
		assertThat(entry.text(DirectiveProperty.ADDRESS)).isEqualTo(":1");
		assertThat(entry.faults()).isEmpty();
	}

	@Test
	void whatIsNotOursIsLeftAlone() {
		Configuration configuration = new Configuration()
			.properties("gozd.name=x\ngozdirectives.web.address=:1\nother.gozd.directives.web.address=:2\n")
			.variables(Map.of("GOZD_NAME", "x", "GOZD", "y", "GOZDDIRECTIVES_WEB_ADDRESS", ":3"));
		EntryReader reader = new EntryReader(configuration.environment());
		assertThat(reader.entries()).isEmpty();
		assertThat(reader.faults()).isEmpty();
	}

	private static List<String> ids(Configuration configuration) {
		return new EntryReader(configuration.environment()).entries().stream().map(DirectiveEntry::id).toList();
	}

}
