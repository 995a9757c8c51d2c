package io.undertow.protocols.http2;

import java.io.IOException;

import org.xnio.ChannelListeners;
import org.xnio.IoUtils;

/**
 * A GOAWAY after which the connection goes on: Undertow's own closes it in the same step.
 * In this package because the frame is a type that no other can extend.
 */
public final class GracefulGoAway extends Http2GoAwayStreamSinkChannel {

	private GracefulGoAway(Http2Channel channel, int lastStreamId) {
		super(channel, Http2Channel.ERROR_NO_ERROR, lastStreamId);
	}

	/**
	 * Send the frame. To be called by the I/O thread of the connection.
	 * @param channel the connection
	 * @param lastStreamId the last stream that is served
	 * @param then what to do when the frame, and all before it, is written
	 */
	public static void send(Http2Channel channel, int lastStreamId, Runnable then) {
		GracefulGoAway frame = new GracefulGoAway(channel, lastStreamId);
		try {
			frame.shutdownWrites();
			if (!frame.flush()) {
				frame.getWriteSetter()
					.set(ChannelListeners.flushingChannelListener((sink) -> then.run(),
							(sink, failure) -> IoUtils.safeClose(channel)));
				frame.resumeWrites();
			}
			else {
				then.run();
			}
		}
		catch (IOException ex) {
			IoUtils.safeClose(channel);
		}
	}

	@Override
	protected boolean isLastFrame() {
		return false;
	}

}
