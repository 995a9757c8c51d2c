package io.gozd.tomcat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.Lock;

import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * The lock that Tomcat holds while a thread works on a connection. What returns it has
 * another type in each line of Tomcat, so that a call that is compiled for one is not
 * linked on the other.
 */
final class ConnectionLock {

	private static final MethodHandle GET = find();

	private ConnectionLock() {
	}

	static Lock of(SocketWrapperBase<?> connection) {
		try {
			return (Lock) GET.invokeExact(connection);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MethodHandle find() {
		try {
			return MethodHandles.publicLookup()
				.unreflect(SocketWrapperBase.class.getMethod("getLock"))
				.asType(MethodType.methodType(Lock.class, SocketWrapperBase.class));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("This release of Tomcat has no lock of connections", ex);
		}
	}

}
