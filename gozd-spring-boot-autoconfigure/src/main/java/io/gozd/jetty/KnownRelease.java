package io.gozd.jetty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;

/**
 * Whether a Jetty has what a drain needs of it, and what Jetty promises nobody.
 */
final class KnownRelease {

	private KnownRelease() {
	}

	static boolean isKnown() {
		try {
			return has(HttpConnection.class, "getParser", HttpParser.class) && (!Present.HTTP2 || hasHttp2())
					&& (!Present.WEB_SOCKETS || GoingAway.isPossible());
		}
		catch (LinkageError ex) {
			return false;
		}
	}

	private static boolean hasHttp2() {
		return has(HTTP2Session.class, "frames", void.class, HTTP2Stream.class, List.class, Callback.class)
				&& has(HTTP2Session.class, "getBytesWritten", long.class)
				&& has(HTTP2Stream.class, "getAttachment", Object.class);
	}

	static boolean has(Class<?> type, String method, Class<?> result, Class<?>... parameters) {
		try {
			MethodHandles.publicLookup().findVirtual(type, method, MethodType.methodType(result, parameters));
			return true;
		}
		catch (ReflectiveOperationException ex) {
			return false;
		}
	}

}
