package io.gozd.tomcat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.gozd.fcgi.Params;
import io.gozd.fcgi.ServerParams;
import io.gozd.listener.FcgiSettings;
import org.apache.coyote.Request;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.parser.HttpParser;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request of Tomcat of what a web server says of it (RFC 3875, 4.1). Whatever a
 * client can choose is checked as Tomcat checks it when it comes by HTTP.
 */
final class FcgiRequest {

	/**
	 * Of the connection between the client and the web server; and Proxy, which no client
	 * has to do with, and programs take for their own setting (httpoxy, CVE-2016-5385).
	 */
	private static final Set<String> DROPPED = Set.of("proxy", "content-length", "content-type", "connection",
			"keep-alive", "upgrade", "te", "trailer", "expect", "proxy-connection", "http2-settings");

	private static final String HEADER = "HTTP_";

	private static final Pattern PROTOCOL = Pattern.compile("HTTP/\\d(\\.\\d)?");

	private static final String UNRESERVED = "/-._~!$&'()*+,=:@";

	private final Request request;

	private final FcgiSettings settings;

	private final Params params;

	private int method = -1;

	private int uri = -1;

	private int query = -1;

	private int scriptName = -1;

	private int pathInfo = -1;

	private int protocol = -1;

	private int contentType = -1;

	private @Nullable String contentLength;

	/** Whether the client has sent a body of a length that it did not know. */
	private boolean chunked;

	private int https = -1;

	private int scheme = -1;

	private int serverName = -1;

	private int serverPort = -1;

	private int serverAddress = -1;

	private int remoteAddress = -1;

	private int remotePort = -1;

	private int remoteHost = -1;

	private int remoteUser = -1;

	private int authType = -1;

	private FcgiRequest(Request request, FcgiSettings settings, Params params) {
		this.request = request;
		this.settings = settings;
		this.params = params;
	}

	/**
	 * Fill a request.
	 * @param request it, empty
	 * @param settings what may be believed
	 * @param params what was sent
	 * @return what else is to be known of it
	 * @throws BadRequestException if it can't be served
	 */
	static FcgiOrigin fill(Request request, FcgiSettings settings, Params params) throws BadRequestException {
		return new FcgiRequest(request, settings, params).fill();
	}

	private FcgiOrigin fill() throws BadRequestException {
		this.request.getMimeHeaders().setLimit(this.settings.maxHeaders());
		for (int i = 0; i < this.params.size(); i++) {
			read(i);
		}
		String method = text(this.method);
		if (!HttpParser.isToken(method)) {
			throw new BadRequestException("REQUEST_METHOD is '" + method + "'");
		}
		method(method);
		body();
		target();
		String protocol = text(this.protocol);
		if (!protocol.isEmpty() && !PROTOCOL.matcher(protocol).matches()) {
			throw new BadRequestException("SERVER_PROTOCOL is '" + protocol + "'");
		}
		this.request.protocol().setString(protocol.isEmpty() ? "HTTP/1.0" : protocol);
		if (isSecure()) {
			this.request.scheme().setString("https");
		}
		peers();
		this.request.setAttribute(ServerParams.ATTRIBUTE, new ServerParams(this.params));
		return new FcgiOrigin(hostOf(text(this.serverName)), port(this.serverPort), text(this.serverAddress),
				text(this.remoteHost));
	}

	private void read(int i) throws BadRequestException {
		String name = this.params.name(i);
		if (name.startsWith(HEADER)) {
			header(name, i);
			return;
		}
		switch (name) {
			case "REQUEST_METHOD" -> this.method = i;
			case "REQUEST_URI" -> this.uri = i;
			case "QUERY_STRING" -> this.query = i;
			case "SCRIPT_NAME" -> this.scriptName = i;
			case "PATH_INFO" -> this.pathInfo = i;
			case "SERVER_PROTOCOL" -> this.protocol = i;
			case "CONTENT_TYPE" -> this.contentType = i;
			case "CONTENT_LENGTH" -> contentLength(this.params.value(i));
			case "HTTPS" -> this.https = i;
			case "REQUEST_SCHEME" -> this.scheme = i;
			case "SERVER_NAME" -> this.serverName = i;
			case "SERVER_PORT" -> this.serverPort = i;
			case "SERVER_ADDR" -> this.serverAddress = i;
			case "REMOTE_ADDR" -> this.remoteAddress = i;
			case "REMOTE_PORT" -> this.remotePort = i;
			case "REMOTE_HOST" -> this.remoteHost = i;
			case "REMOTE_USER" -> this.remoteUser = i;
			case "AUTH_TYPE" -> this.authType = i;
			default -> {
				// In the map alone: an attribute of any name could mean something.
			}
		}
	}

	@SuppressWarnings("deprecation") // The other way is not there before 10.1.47.
	private void method(String method) {
		this.request.method().setString(method);
	}

	private void header(String param, int i) throws BadRequestException {
		String name = param.substring(HEADER.length()).replace('_', '-').toLowerCase(Locale.ROOT);
		if (!HttpParser.isToken(name)) {
			throw new BadRequestException("A header is named '" + name + "'");
		}
		if (name.equals("transfer-encoding")) {
			this.chunked = true;
		}
		else if (!DROPPED.contains(name) && !(name.equals("host") && this.params.valueLength(i) == 0)) {
			addHeader(name, i);
		}
	}

	private void addHeader(String name, int i) throws BadRequestException {
		checkText(name, i);
		set(addHeader(name), i);
	}

	/** What could end a line, or a text, in something that is made of it. */
	private void checkText(String what, int i) throws BadRequestException {
		int end = this.params.valueOffset(i) + this.params.valueLength(i);
		for (int at = this.params.valueOffset(i); at < end; at++) {
			byte c = this.params.array()[at];
			if ((c >= 0 && c < ' ' && c != '\t') || c == 0x7f) {
				throw new BadRequestException("A control character in " + what);
			}
		}
	}

	private void contentLength(String value) throws BadRequestException {
		// nginx sends nothing, and Caddy 2.6 the number, where it does not know.
		String length = value.equals("-1") ? "" : value;
		this.chunked |= value.equals("-1");
		if (this.contentLength != null && !this.contentLength.equals(length)) {
			throw new BadRequestException("CONTENT_LENGTH is '" + this.contentLength + "' and '" + length + "'");
		}
		this.contentLength = length;
	}

	private void body() throws BadRequestException {
		if (this.contentType != -1 && this.params.valueLength(this.contentType) > 0) {
			addHeader("content-type", this.contentType);
		}
		String length = this.contentLength;
		if (length != null && !length.isEmpty()) {
			if (!length.chars().allMatch((c) -> c >= '0' && c <= '9') || length.length() > 18) {
				throw new BadRequestException("CONTENT_LENGTH is '" + length + "'");
			}
			this.request.setContentLength(Long.parseLong(length));
			addHeader("content-length").setString(length);
		}
		else if (this.chunked) {
			// Without either, Tomcat takes a form for an empty one.
			addHeader("transfer-encoding").setString("chunked");
		}
	}

	private MessageBytes addHeader(String name) throws BadRequestException {
		try {
			return this.request.getMimeHeaders().addValue(name);
		}
		catch (IllegalStateException ex) {
			throw new BadRequestException("More than " + this.settings.maxHeaders() + " headers");
		}
	}

	private void target() throws BadRequestException {
		byte[] target = this.params.array();
		int start = 0;
		int end = 0;
		if (this.uri != -1 && !this.settings.pathFromScriptName()) {
			start = this.params.valueOffset(this.uri);
			end = start + this.params.valueLength(this.uri);
		}
		if (start == end) {
			target = encoded(text(this.scriptName) + text(this.pathInfo));
			start = 0;
			end = target.length;
		}
		int mark = start;
		while (mark < end && target[mark] != '?') {
			mark++;
		}
		if (start == mark) {
			throw new BadRequestException("There is no path");
		}
		start = skipAuthority(target, start, mark);
		if (start == mark) {
			this.request.requestURI().setBytes(new byte[] { '/' }, 0, 1);
		}
		else {
			check(target, start, mark, false);
			// As bytes: Tomcat decodes, normalizes and checks only those.
			this.request.requestURI().setBytes(target, start, mark - start);
		}
		if (this.query != -1 && this.params.valueLength(this.query) > 0) {
			target = this.params.array();
			start = this.params.valueOffset(this.query);
			end = start + this.params.valueLength(this.query);
		}
		else if (mark < end) {
			start = mark + 1;
		}
		else {
			return;
		}
		check(target, start, end, true);
		this.request.queryString().setBytes(target, start, end - start);
	}

	private static void check(byte[] target, int start, int end, boolean query) throws BadRequestException {
		for (int i = start; i < end; i++) {
			int c = target[i] & 0xff;
			if (HttpParser.isNotRequestTarget(c) || !(query ? HttpParser.isQuery(c) : HttpParser.isAbsolutePath(c))) {
				throw new BadRequestException("The " + (query ? "query" : "path") + " has the byte " + c);
			}
		}
	}

	/** Of a target in absolute form; a host beside it must be the same. */
	private int skipAuthority(byte[] target, int start, int end) throws BadRequestException {
		ByteChunk chunk = new ByteChunk();
		chunk.setBytes(target, start, end - start);
		int scheme = chunk.startsWithIgnoreCase("http://", 0) ? 7 : chunk.startsWithIgnoreCase("https://", 0) ? 8 : 0;
		if (scheme == 0) {
			return start;
		}
		int from = start + scheme;
		int to = from;
		while (to < end && target[to] != '/') {
			from = (target[to] == '@') ? to + 1 : from;
			to++;
		}
		String authority = new String(target, from, to - from, StandardCharsets.ISO_8859_1);
		String host = this.request.getMimeHeaders().getHeader("host");
		if (host == null) {
			addHeader("host").setBytes(target, from, to - from);
		}
		else if (!host.equalsIgnoreCase(authority)) {
			throw new BadRequestException("The target names another host than HTTP_HOST");
		}
		return to;
	}

	/** A path as it is meant, as a client would have to send it. */
	private static byte[] encoded(String path) {
		StringBuilder encoded = new StringBuilder();
		for (int i = 0; i < path.length(); i++) {
			char c = path.charAt(i);
			boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
					|| UNRESERVED.indexOf(c) != -1;
			encoded.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
		}
		return encoded.toString().getBytes(StandardCharsets.ISO_8859_1);
	}

	private boolean isSecure() {
		String https = text(this.https);
		return (!https.isEmpty() && !https.equalsIgnoreCase("off")) || text(this.scheme).equalsIgnoreCase("https");
	}

	private void peers() throws BadRequestException {
		for (int i : new int[] { this.remoteAddress, this.remoteHost, this.serverAddress, this.serverName,
				this.remoteUser, this.authType }) {
			if (i != -1) {
				checkText(this.params.name(i), i);
			}
		}
		set(this.request.remoteAddr(), this.remoteAddress);
		set(this.request.localAddr(), this.serverAddress);
		set(this.request.localName(), this.serverName);
		this.request.setRemotePort(Math.max(port(this.remotePort), 0));
		this.request.setLocalPort(Math.max(port(this.serverPort), 0));
		if (this.settings.trustRemoteUser() && !text(this.remoteUser).isEmpty()) {
			set(this.request.getRemoteUser(), this.remoteUser);
			set(this.request.getAuthType(), this.authType);
		}
	}

	private int port(int i) {
		String port = text(i);
		boolean valid = !port.isEmpty() && port.length() <= 5 && port.chars().allMatch((c) -> c >= '0' && c <= '9');
		return valid ? Integer.parseInt(port) : -1;
	}

	/** HAProxy says the port there too. */
	private static String hostOf(String serverName) {
		return serverName.replaceFirst(":\\d*$", "");
	}

	private void set(MessageBytes value, int i) {
		if (i != -1 && this.params.valueLength(i) > 0) {
			value.setBytes(this.params.array(), this.params.valueOffset(i), this.params.valueLength(i));
		}
		else if (i != -1) {
			value.setString("");
		}
	}

	private String text(int i) {
		return (i != -1) ? this.params.value(i) : "";
	}

	/** Why a request can't be served. */
	static final class BadRequestException extends Exception {

		private static final long serialVersionUID = 1L;

		BadRequestException(String message) {
			super(message);
		}

	}

}
