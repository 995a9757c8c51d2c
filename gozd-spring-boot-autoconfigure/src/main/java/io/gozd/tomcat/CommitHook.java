package io.gozd.tomcat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;

import org.apache.coyote.ActionCode;
import org.apache.coyote.ActionHook;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11Processor;
import org.jspecify.annotations.Nullable;

/**
 * Takes away keep-alive in the very instant when a response of HTTP/1.1 is committed
 * while its connector drains. Tomcat then says {@code Connection: close}: the client
 * takes another connection for its next request, and no idle connection needs to be
 * closed under it. A valve would come too late, because most responses are committed
 * inside the application, and a header set by it would cost the response its chunks.
 */
final class CommitHook implements ActionHook {

	private static final int SWITCHING_PROTOCOLS = 101;

	// Tomcat has no public way to either; null where it has no such field.
	private static final @Nullable VarHandle HOOK = field(Response.class, "hook", ActionHook.class);

	private static final @Nullable VarHandle KEEP_ALIVE = field(Http11Processor.class, "keepAlive", boolean.class);

	private final Http11Processor processor;

	private final Response response;

	private final BooleanSupplier draining;

	private CommitHook(Http11Processor processor, BooleanSupplier draining) {
		this.processor = processor;
		this.response = processor.getRequest().getResponse();
		this.draining = draining;
	}

	/** Whether this Tomcat is one of those that are known. */
	static boolean isPossible() {
		return HOOK != null && KEEP_ALIVE != null;
	}

	static void install(Http11Processor processor, BooleanSupplier draining) {
		if (HOOK != null) {
			CommitHook hook = new CommitHook(processor, draining);
			HOOK.set(hook.response, hook);
		}
	}

	@Override
	public void action(ActionCode actionCode, Object param) {
		// The answer to a handshake has a header "Connection" of its own, and no end.
		if (actionCode == ActionCode.COMMIT && this.draining.getAsBoolean() && !this.response.isCommitted()
				&& this.response.getStatus() != SWITCHING_PROTOCOLS && KEEP_ALIVE != null) {
			KEEP_ALIVE.set(this.processor, false);
		}
		this.processor.action(actionCode, param);
	}

	private static @Nullable VarHandle field(Class<?> type, String name, Class<?> fieldType) {
		try {
			return MethodHandles.privateLookupIn(type, MethodHandles.lookup()).findVarHandle(type, name, fieldType);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

}
