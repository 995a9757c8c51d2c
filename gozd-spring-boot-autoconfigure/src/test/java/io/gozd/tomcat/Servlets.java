package io.gozd.tomcat;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.gozd.server.Script;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;

/**
 * What the applications of these tests answer.
 */
public final class Servlets {

	private Servlets() {
	}

	/** All that a script has, by their paths. */
	public static Map<String, Servlet> of(Script script) {
		return Map.of("/", word(script.word()), "/stream", stream(), "/slow", slow(script.begun(), script.goOn()),
				"/committed", committed(script.begun(), script.goOn()), "/async",
				asynchronous(script.begun(), script.goOn()), "/upgrade", upgrade());
	}

	/** Says a word. */
	public static HttpServlet word(String word) {
		return servlet((request, response) -> response.getWriter().write(word));
	}

	/** Says something of the request. */
	public static HttpServlet answer(Function<HttpServletRequest, String> answer) {
		return servlet((request, response) -> response.getWriter().write(answer.apply(request)));
	}

	/** Flushes in the middle: committed inside the application, in chunks. */
	public static HttpServlet stream() {
		return servlet((request, response) -> {
			response.getOutputStream().print("one");
			response.flushBuffer();
			response.getOutputStream().print("two");
		});
	}

	/** Answers when the latch says so. */
	public static HttpServlet slow(CountDownLatch begun, CountDownLatch goOn) {
		return servlet((request, response) -> {
			begun.countDown();
			await(goOn);
			response.getOutputStream().print("slow");
			response.flushBuffer();
		});
	}

	/** Commits the response, and writes the rest when the latch says so. */
	public static HttpServlet committed(CountDownLatch begun, CountDownLatch goOn) {
		return servlet((request, response) -> {
			response.getOutputStream().print("one");
			response.flushBuffer();
			begun.countDown();
			await(goOn);
			response.getOutputStream().print("two");
		});
	}

	/** Answers without a thread when the latch says so. */
	public static HttpServlet asynchronous(CountDownLatch begun, CountDownLatch goOn) {
		return servlet((request, response) -> {
			AsyncContext context = request.startAsync();
			new Thread(() -> {
				begun.countDown();
				try {
					await(goOn);
					context.getResponse().getWriter().write("later");
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
				finally {
					context.complete();
				}
			}).start();
		});
	}

	/** Answers a handshake with 101. */
	public static HttpServlet upgrade() {
		return new HttpServlet() {

			@Override
			protected void doGet(HttpServletRequest request, HttpServletResponse response) {
				response.setHeader("Upgrade", "test");
				response.setHeader("Connection", "upgrade");
				try {
					request.upgrade(Upgraded.class);
				}
				catch (IOException | ServletException ex) {
					throw new IllegalStateException(ex);
				}
			}

		};
	}

	private static HttpServlet servlet(Answer answer) {
		return new HttpServlet() {

			@Override
			protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
				answer.give(request, response);
			}

		};
	}

	private static void await(CountDownLatch latch) throws IOException {
		try {
			if (!latch.await(10, TimeUnit.SECONDS)) {
				throw new IOException("Nobody said go on");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** What a servlet does. */
	@FunctionalInterface
	private interface Answer {

		void give(HttpServletRequest request, HttpServletResponse response) throws IOException;

	}

	/** Another protocol, in which nothing is said. */
	public static final class Upgraded implements HttpUpgradeHandler {

		@Override
		public void init(WebConnection connection) {
		}

		@Override
		public void destroy() {
		}

	}

}
