package io.gozd.undertow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Set;

import io.undertow.Undertow;
import io.undertow.protocols.http2.GracefulGoAway;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.DelegateOpenListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.OpenListener;
import io.undertow.server.protocol.framed.AbstractFramedChannel;
import io.undertow.server.protocol.http.AlpnOpenListener;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.server.protocol.http2.Http2OpenListener;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;

/**
 * Fields that Undertow has no public way to.
 *
 * @param ioThreads of a builder
 * @param workerThreads of a builder
 * @param workerOptions of a builder
 * @param serverOptions of a builder
 * @param worker of a builder: what the application has set
 * @param openListener of what Undertow tells of a listener: who makes its connections
 * @param http1 the connections of HTTP/1.1, and what has become of them
 * @param http2 the connections that are of HTTP/2 from the beginning
 * @param alpn who makes connections, by the name of the protocol
 * @param alpnEntry who makes connections of one protocol
 * @param exchange of a connection of HTTP/1.1: the present one
 * @param headRead of who reads requests of HTTP/1.1: how much of the next head is here
 * @param framed of who reads frames: what consists of them
 * @param connection of what consists of frames: what they come through
 * @param streams of a connection of HTTP/2
 * @param lastStream of a connection of HTTP/2: the last that has come
 * @param settingsSent of a connection of HTTP/2: whether it may send other frames
 * @param headReader the type of who reads requests of HTTP/1.1
 * @param frameReader the type of who reads frames
 */
record Hidden(VarHandle ioThreads, VarHandle workerThreads, VarHandle workerOptions, VarHandle serverOptions,
		VarHandle worker, VarHandle openListener, VarHandle http1, VarHandle http2, VarHandle alpn, VarHandle alpnEntry,
		VarHandle exchange, VarHandle headRead, VarHandle framed, VarHandle connection, VarHandle streams,
		VarHandle lastStream, VarHandle settingsSent, Class<?> headReader, Class<?> frameReader) {

	/** Null where this is a release of Undertow that is not known. */
	private static final @Nullable Hidden FOUND = find();

	static boolean isKnown() {
		return FOUND != null;
	}

	static Hidden get() {
		if (FOUND == null) {
			throw new IllegalStateException("This release of Undertow is not known");
		}
		return FOUND;
	}

	private static @Nullable Hidden find() {
		try {
			Class<?> builder = Undertow.Builder.class;
			Class<?> headReader = inner(HttpOpenListener.class, "HttpReadListener");
			Class<?> frameReader = inner(AbstractFramedChannel.class, "AbstractFramedChannel$FrameReadListener");
			Class<?> entry = inner(AlpnOpenListener.class, "AlpnOpenListener$ListenerEntry");
			// Linked here: where loaders or a signature keep it from that, it is not
			// known
			// either.
			MethodHandles.lookup().ensureInitialized(GracefulGoAway.class);
			return new Hidden(field(builder, "ioThreads", int.class), field(builder, "workerThreads", int.class),
					field(builder, "workerOptions", OptionMap.Builder.class),
					field(builder, "serverOptions", OptionMap.Builder.class),
					field(builder, "worker", XnioWorker.class),
					field(Undertow.ListenerInfo.class, "openListener", OpenListener.class),
					field(HttpOpenListener.class, "connections", Set.class),
					field(Http2OpenListener.class, "connections", Set.class),
					field(AlpnOpenListener.class, "listeners", Map.class),
					field(entry, "listener", DelegateOpenListener.class),
					field(AbstractServerConnection.class, "current", HttpServerExchange.class),
					field(headReader, "read", int.class), field(frameReader, "this$0", AbstractFramedChannel.class),
					field(AbstractFramedChannel.class, "channel", StreamConnection.class),
					field(Http2Channel.class, "currentStreams", Map.class),
					field(Http2Channel.class, "lastGoodStreamId", int.class),
					field(Http2Channel.class, "initialSettingsSent", boolean.class), headReader, frameReader);
		}
		catch (ReflectiveOperationException | LinkageError ex) {
			return null;
		}
	}

	private static Class<?> inner(Class<?> neighbour, String name) throws ClassNotFoundException {
		return Class.forName(neighbour.getPackageName() + "." + name, false, neighbour.getClassLoader());
	}

	private static VarHandle field(Class<?> type, String name, Class<?> fieldType) throws ReflectiveOperationException {
		return MethodHandles.privateLookupIn(type, MethodHandles.lookup()).findVarHandle(type, name, fieldType);
	}

}
