package io.gozd.directive;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import io.gozd.listener.FcgiSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/**
 * Reads what a directive says of FastCGI, and notes what is wrong with that.
 */
final class FcgiParser {

	private static final FcgiSettings DEFAULTS = FcgiSettings.DEFAULTS;

	/** No name: those would be asked for at a name server. */
	private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

	private static final int LARGEST_PARAMS = 16 * 1024 * 1024;

	private final DirectiveEntry entry;

	private final String webServers;

	/**
	 * Create a parser.
	 * @param entry the directive
	 * @param webServers who may connect where the directive does not say it
	 */
	FcgiParser(DirectiveEntry entry, String webServers) {
		this.entry = entry;
		this.webServers = webServers;
	}

	FcgiSettings parse(@Nullable SocketAddress address) {
		return new FcgiSettings(duration(DirectiveProperty.FCGI_PARAMS_TIMEOUT, DEFAULTS.paramsTimeout()),
				duration(DirectiveProperty.FCGI_READ_TIMEOUT, DEFAULTS.readTimeout()),
				duration(DirectiveProperty.FCGI_IDLE_TIMEOUT, DEFAULTS.idleTimeout()),
				(int) size(DirectiveProperty.FCGI_MAX_PARAMS_SIZE, DEFAULTS.maxParamsSize(), LARGEST_PARAMS),
				this.entry.number(DirectiveProperty.FCGI_MAX_PARAMS, DEFAULTS.maxParams()),
				this.entry.number(DirectiveProperty.FCGI_MAX_HEADERS, DEFAULTS.maxHeaders()),
				size(DirectiveProperty.FCGI_MAX_SWALLOW_SIZE, DEFAULTS.maxSwallowSize(), Long.MAX_VALUE),
				second(DirectiveProperty.FCGI_URI_SOURCE, "request-uri", "script-name"),
				second(DirectiveProperty.FCGI_HOST_PORT, "header", "server-port"),
				second(DirectiveProperty.FCGI_TRUST_REMOTE_USER, "false", "true"),
				second(DirectiveProperty.FCGI_TRUST_SSL, "false", "true"),
				second(DirectiveProperty.FCGI_REPORT_ERRORS, "false", "true"), webServers(address));
	}

	private Duration duration(DirectiveProperty property, Duration otherwise) {
		String text = this.entry.text(property);
		if (text == null) {
			return otherwise;
		}
		try {
			Duration duration = DurationStyle.detectAndParse(text);
			// Tomcat counts milliseconds in an int.
			if (duration.compareTo(Duration.ofMillis(1)) >= 0
					&& duration.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) <= 0) {
				return duration;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// Said below.
		}
		this.entry.fault(property, "That is no time from 1ms to 24d",
				"Write a number and a unit, such as " + otherwise.toSeconds() + "s");
		return otherwise;
	}

	private long size(DirectiveProperty property, long otherwise, long max) {
		String text = this.entry.text(property);
		if (text == null) {
			return otherwise;
		}
		try {
			long size = DataSize.parse(text).toBytes();
			if (size > 0 && size <= max) {
				return size;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// Said below.
		}
		this.entry.fault(property, "That is no size from 1B" + ((max != Long.MAX_VALUE) ? " to 16MB" : " on"),
				"Write a number and a unit, such as " + otherwise / 1024 + "KB");
		return otherwise;
	}

	/** Whether it is the second of two words; the first is the default. */
	private boolean second(DirectiveProperty property, String first, String second) {
		return second.equals(this.entry.word(property, List.of(first, second), "choice"));
	}

	private Set<InetAddress> webServers(@Nullable SocketAddress address) {
		String text = this.entry.text(DirectiveProperty.FCGI_WEB_SERVERS);
		if (address != null && !(address instanceof InetSocketAddress)) {
			if (text != null) {
				this.entry.fault(DirectiveProperty.FCGI_WEB_SERVERS,
						"A Unix socket does not know the address of its peer",
						"Remove the property, and say with chmod who may connect");
			}
			return Set.of();
		}
		Set<InetAddress> webServers = new LinkedHashSet<>();
		for (String each : ((text != null) ? text : this.webServers).split(",")) {
			String server = each.strip();
			if (!server.isEmpty()) {
				try {
					webServers.add(parse(server));
				}
				catch (UnknownHostException ex) {
					fault(text, server);
				}
			}
		}
		return Set.copyOf(webServers);
	}

	private static InetAddress parse(String server) throws UnknownHostException {
		if (!ADDRESS.matcher(server).matches()) {
			throw new UnknownHostException(server);
		}
		return InetAddress.getByName(server);
	}

	private void fault(@Nullable String text, String server) {
		String remedy = "Write addresses such as 127.0.0.1 or ::1, with commas between them";
		if (text != null) {
			this.entry.fault(DirectiveProperty.FCGI_WEB_SERVERS, "'" + server + "' is no address", remedy);
		}
		else {
			this.entry.fault(DirectiveProperty.FCGI_WEB_SERVERS.key(), null,
					"The variable FCGI_WEB_SERVER_ADDRS has '" + server + "', which is no address", remedy);
		}
	}

}
