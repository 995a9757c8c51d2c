package io.gozd.tomcat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import io.gozd.fcgi.ServerParams;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;

/**
 * What the applications answer to web servers, whatever the method.
 */
final class FcgiServlets {

	private FcgiServlets() {
	}

	static HttpServlet of(Answer answer) {
		return new HttpServlet() {

			@Override
			protected void service(HttpServletRequest request, HttpServletResponse response)
					throws ServletException, IOException {
				answer.give(request, response);
			}

		};
	}

	/** Says everything that an application sees of a request; the body as its hash. */
	static HttpServlet view() {
		return of((request, response) -> {
			StringBuilder view = new StringBuilder();
			view.append(request.getMethod()).append(' ').append(request.getRequestURI());
			view.append(" query=").append(request.getQueryString());
			view.append(" path=").append(request.getContextPath()).append('|').append(request.getServletPath());
			view.append('|').append(request.getPathInfo()).append('\n');
			view.append("length=").append(request.getContentLengthLong());
			view.append(" type=").append(request.getContentType()).append('\n');
			for (String name : new TreeMap<>(byName(request)).keySet()) {
				view.append(name).append(": ").append(Collections.list(request.getHeaders(name))).append('\n');
			}
			request.getParameterMap()
				.forEach((name, values) -> view.append(name).append('=').append(String.join("|", values)).append('\n'));
			view.append("body ").append(hash(request.getInputStream())).append('\n');
			response.setContentType("text/plain");
			byte[] bytes = escape(view).getBytes(StandardCharsets.US_ASCII);
			// Or HTTP would send a long one in chunks.
			response.setContentLength(bytes.length);
			response.getOutputStream().write(bytes);
		});
	}

	/** What every test can read, whatever it takes the bytes for. */
	private static String escape(CharSequence text) {
		StringBuilder escaped = new StringBuilder();
		text.chars()
			.forEach((c) -> escaped.append((c < 0x7f) ? String.valueOf((char) c) : String.format("\\u%04x", c)));
		return escaped.toString();
	}

	private static Map<String, String> byName(HttpServletRequest request) {
		Map<String, String> names = new TreeMap<>();
		Collections.list(request.getHeaderNames()).forEach((name) -> names.put(name.toLowerCase(), name));
		return names;
	}

	static String hash(InputStream stream) throws IOException {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			byte[] buffer = new byte[5000];
			long length = 0;
			for (int read; (read = stream.read(buffer)) != -1;) {
				digest.update(buffer, 0, read);
				length += read;
			}
			return length + " " + HexFormat.of().formatHex(digest.digest());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Says what the web server says of the connection and of itself. */
	static HttpServlet origin() {
		return of((request, response) -> {
			PrintWriter writer = response.getWriter();
			writer.println(request.getScheme() + " " + request.isSecure() + " " + request.getServerName() + " "
					+ request.getServerPort());
			writer.println(request.getRemoteAddr() + " " + request.getRemoteHost() + " " + request.getRemotePort());
			writer.println(request.getLocalAddr() + " " + request.getLocalPort());
			writer.println(request.getRemoteUser() + " " + request.getAuthType() + " " + request.getProtocol());
			writer.println(request.getAttribute("jakarta.servlet.request.cipher_suite"));
			writer.println(((Map<?, ?>) request.getAttribute(ServerParams.ATTRIBUTE)).get("EXTRA"));
			writer.println(Collections.list(request.getAttributeNames()).contains("EXTRA"));
		});
	}

	/** Says what is known of the TLS between the web server and its client. */
	static HttpServlet tls() {
		return of((request, response) -> {
			PrintWriter writer = response.getWriter();
			X509Certificate[] certificates = (X509Certificate[]) request
				.getAttribute("jakarta.servlet.request.X509Certificate");
			writer.println((certificates != null) ? certificates[0].getSubjectX500Principal().getName() : "none");
			writer.println(request.getAttribute("jakarta.servlet.request.secure_protocol"));
			writer.println(request.getAttribute("jakarta.servlet.request.ssl_session_id"));
		});
	}

	/** Returns the body, as it comes. */
	static HttpServlet echo() {
		return of((request, response) -> request.getInputStream().transferTo(response.getOutputStream()));
	}

	/** Returns the body from another thread, as far as it comes. */
	static HttpServlet echoAside() {
		return of((request, response) -> {
			AsyncContext context = request.startAsync();
			context.start(() -> {
				try {
					request.getInputStream().transferTo(response.getOutputStream());
				}
				catch (IOException ex) {
					// The web server has gone, or says nothing.
				}
				context.complete();
			});
		});
	}

	/** Returns the parts of a form. */
	static HttpServlet parts() {
		return of((request, response) -> {
			for (Part part : request.getParts()) {
				response.getWriter()
					.println(part.getName() + " " + part.getSubmittedFileName() + " " + hash(part.getInputStream()));
			}
		});
	}

	/** Does not read the body, and says so much. */
	static HttpServlet ignore(int length) {
		return of((request, response) -> response.getOutputStream().write(new byte[length]));
	}

	/** Counts in a session. */
	static HttpServlet session() {
		return of((request, response) -> {
			Integer count = (Integer) request.getSession().getAttribute("count");
			request.getSession().setAttribute("count", (count != null) ? count + 1 : 1);
			response.getWriter().print(request.getSession().getAttribute("count"));
		});
	}

	/** Returns the body without a thread of its own. */
	static HttpServlet nonBlocking() {
		return of((request, response) -> {
			AsyncContext context = request.startAsync();
			context.setTimeout(0);
			new Echo(context, request.getInputStream(), response.getOutputStream()).begin();
		});
	}

	/** Writes so many bytes as the peer reads them. */
	static HttpServlet pump(int length) {
		return of((request, response) -> {
			AsyncContext context = request.startAsync();
			ServletOutputStream output = response.getOutputStream();
			output.setWriteListener(new WriteListener() {

				private int left = length;

				@Override
				public void onWritePossible() throws IOException {
					while (output.isReady()) {
						if (this.left == 0) {
							context.complete();
							return;
						}
						int now = Math.min(this.left, 10_000);
						output.write(new byte[now]);
						this.left -= now;
					}
				}

				@Override
				public void onError(Throwable thrown) {
					context.complete();
				}

			});
		});
	}

	/** Reads as data comes, and then writes. */
	private static final class Echo implements ReadListener, WriteListener {

		private final AsyncContext context;

		private final ServletInputStream input;

		private final ServletOutputStream output;

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		private boolean written;

		Echo(AsyncContext context, ServletInputStream input, ServletOutputStream output) {
			this.context = context;
			this.input = input;
			this.output = output;
		}

		void begin() {
			this.input.setReadListener(this);
		}

		@Override
		public void onDataAvailable() throws IOException {
			byte[] buffer = new byte[3000];
			while (this.input.isReady()) {
				int length = this.input.read(buffer);
				if (length == -1) {
					return;
				}
				this.bytes.write(buffer, 0, length);
			}
		}

		@Override
		public void onAllDataRead() {
			this.output.setWriteListener(this);
		}

		@Override
		public void onWritePossible() throws IOException {
			while (this.output.isReady()) {
				if (this.written) {
					this.context.complete();
					return;
				}
				this.written = true;
				this.output.write(this.bytes.toByteArray());
			}
		}

		@Override
		public void onError(Throwable thrown) {
			this.context.complete();
		}

	}

	/** Reads all there is, says so, and does not answer. */
	record ToTheEnd(ServletInputStream input, Runnable atEnd) implements ReadListener {

		@Override
		public void onDataAvailable() throws IOException {
			byte[] buffer = new byte[100];
			while (this.input.isReady() && this.input.read(buffer) != -1) {
				// On.
			}
		}

		@Override
		public void onAllDataRead() {
			this.atEnd.run();
		}

		@Override
		public void onError(Throwable thrown) {
		}

	}

	/** Tells of errors. */
	record OnError(Consumer<Throwable> told) implements AsyncListener {

		@Override
		public void onError(AsyncEvent event) {
			this.told.accept(event.getThrowable());
		}

		@Override
		public void onComplete(AsyncEvent event) {
		}

		@Override
		public void onTimeout(AsyncEvent event) {
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
		}

	}

	/** What a servlet does. */
	@FunctionalInterface
	interface Answer {

		void give(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;

	}

}
