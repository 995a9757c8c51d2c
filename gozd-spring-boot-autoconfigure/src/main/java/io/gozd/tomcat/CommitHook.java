package io.gozd.tomcat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;

import org.apache.coyote.ActionCode;
import org.apache.coyote.ActionHook;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11Processor;

/**
 * Takes away keep-alive in the very instant when a response of HTTP/1.1 is committed
 * while its connector drains. Tomcat then says {@code Connection: close}: the client
 * takes another connection for its next request, and no idle connection needs to be
 * closed under it. A valve would come too late, because most responses are committed
 * inside the application, and a header set by it would cost the response its chunks.
 */
final class CommitHook implements ActionHook {

	private static final int SWITCHING_PROTOCOLS = 101;

	// Tomcat has no public way to either.
	private static final VarHandle HOOK = field(Response.class, "hook", ActionHook.class);

	private static final VarHandle KEEP_ALIVE = field(Http11Processor.class, "keepAlive", boolean.class);

	private final Http11Processor processor;

	private final Response response;

	private final BooleanSupplier draining;

	private CommitHook(Http11Processor processor, BooleanSupplier draining) {
		this.processor = processor;
		this.response = processor.getRequest().getResponse();
		this.draining = draining;
	}

	static void install(Http11Processor processor, BooleanSupplier draining) {
		CommitHook hook = new CommitHook(processor, draining);
		HOOK.set(hook.response, hook);
	}

	@Override
	public void action(ActionCode actionCode, Object param) {
		// The answer to a handshake has a header "Connection" of its own, and no end.
		if (actionCode == ActionCode.COMMIT && this.draining.getAsBoolean() && !this.response.isCommitted()
				&& this.response.getStatus() != SWITCHING_PROTOCOLS) {
			KEEP_ALIVE.set(this.processor, false);
		}
		this.processor.action(actionCode, param);
	}

	private static VarHandle field(Class<?> type, String name, Class<?> fieldType) {
		try {
			return MethodHandles.privateLookupIn(type, MethodHandles.lookup()).findVarHandle(type, name, fieldType);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(
					"This release of Tomcat is not known: " + type.getName() + " has no field " + name, ex);
		}
	}

}
