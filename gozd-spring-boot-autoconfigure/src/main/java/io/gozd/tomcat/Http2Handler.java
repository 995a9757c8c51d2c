package io.gozd.tomcat;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.http.HttpUpgradeHandler;
import org.apache.coyote.http11.upgrade.UpgradeProcessorInternal;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * What Tomcat has for a connection of HTTP/2. Its own GOAWAY is either the first or the
 * end of the connection, so the last one is written by a method that is not public.
 */
final class Http2Handler {

	// Null where Tomcat has no such class.
	private static final @Nullable Class<?> TYPE = type();

	// Null where it has no such member.
	private static final @Nullable VarHandle STREAMS = field("activeRemoteStreamCount", AtomicInteger.class);

	private static final @Nullable VarHandle LAST_STREAM = field("maxProcessedStreamId", int.class);

	private static final @Nullable MethodHandle GOAWAY = method("writeGoAwayFrame", int.class, long.class,
			byte[].class);

	private static final @Nullable MethodHandle TIMEOUT = method("setConnectionTimeoutForStreamCount", int.class);

	private static final @Nullable VarHandle WRITE = write();

	private final HttpUpgradeHandler handler;

	private Http2Handler(HttpUpgradeHandler handler) {
		this.handler = handler;
	}

	/** Whether this Tomcat is one of those that are known. */
	static boolean isPossible() {
		return STREAMS != null && LAST_STREAM != null && GOAWAY != null && TIMEOUT != null && WRITE != null;
	}

	/** What a connection has, or null if it is none of HTTP/2, or read at present. */
	static @Nullable Http2Handler of(SocketWrapperBase<?> connection) {
		return (TYPE != null && connection.getCurrentProcessor() instanceof UpgradeProcessorInternal processor
				&& TYPE.isInstance(processor.getUpgradeToken().getHttpUpgradeHandler()))
						? new Http2Handler(processor.getUpgradeToken().getHttpUpgradeHandler()) : null;
	}

	/**
	 * Whether Tomcat waits for the peer to take what an asynchronous write has for it.
	 */
	static boolean isWriting(SocketWrapperBase<?> connection) {
		return WRITE != null && WRITE.getVolatile(connection) != null;
	}

	/** Whether no stream is open; what it said last may still be written. */
	boolean isIdle() {
		return STREAMS != null && ((AtomicInteger) STREAMS.get(this.handler)).get() == 0;
	}

	/** Say which stream was the last. */
	void goAway() throws IOException {
		if (LAST_STREAM == null || GOAWAY == null) {
			return;
		}
		try {
			GOAWAY.invoke(this.handler, (int) LAST_STREAM.getVolatile(this.handler), 0L, (byte[]) null);
		}
		catch (IOException | RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Have Tomcat close it for being idle, if no stream is open, or never. */
	void timeOut(boolean enabled) {
		if (TIMEOUT == null) {
			return;
		}
		try {
			TIMEOUT.invoke(this.handler, (enabled && isIdle()) ? 0 : 1);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static @Nullable Class<?> type() {
		try {
			return Class.forName("org.apache.coyote.http2.Http2UpgradeHandler");
		}
		catch (ClassNotFoundException ex) {
			return null;
		}
	}

	private static @Nullable VarHandle field(String name, Class<?> fieldType) {
		if (TYPE == null) {
			return null;
		}
		try {
			return MethodHandles.privateLookupIn(TYPE, MethodHandles.lookup()).findVarHandle(TYPE, name, fieldType);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	private static @Nullable VarHandle write() {
		try {
			return MethodHandles.privateLookupIn(SocketWrapperBase.class, MethodHandles.lookup())
				.unreflectVarHandle(SocketWrapperBase.class.getDeclaredField("writeOperation"));
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	private static @Nullable MethodHandle method(String name, Class<?>... parameters) {
		if (TYPE == null) {
			return null;
		}
		try {
			return MethodHandles.privateLookupIn(TYPE, MethodHandles.lookup())
				.findVirtual(TYPE, name, MethodType.methodType(void.class, parameters));
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

}
