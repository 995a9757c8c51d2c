package io.gozd.undertow;

import java.time.Duration;
import java.util.Map;

import io.undertow.protocols.http2.GracefulGoAway;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.util.AttachmentKey;

/**
 * Ends a connection of HTTP/2 as RFC 9113, 6.8 asks for: GOAWAY with the highest stream
 * id, time for streams that are on their way, and when none is left GOAWAY with the last
 * one, behind which nothing is written and nothing is served. The peer may still have to
 * read what was written before: so it is he who closes, or time. Undertow's own is all of
 * it in one step. Used by the I/O thread of the connection.
 */
final class Http2Goodbye {

	/** Longer than a round trip: what the peer sent before it read the GOAWAY is here. */
	static final Duration ON_THE_WAY = Duration.ofSeconds(2);

	/** How long a peer may take to read to the end, and to close. */
	private static final Duration READING = Duration.ofSeconds(10);

	private static final Duration READING_IN_A_HURRY = Duration.ofSeconds(1);

	private static final AttachmentKey<Http2Goodbye> KEY = AttachmentKey.create(Http2Goodbye.class);

	private final Http2Channel channel;

	private final long told = System.nanoTime();

	private boolean ended;

	private Http2Goodbye(Http2Channel channel) {
		this.channel = channel;
	}

	/**
	 * Say what is due.
	 * @param hurry whether a connection without streams ends at once
	 */
	static void say(Http2Channel channel, boolean hurry) {
		if (!channel.isOpen() || !(boolean) Hidden.get().settingsSent().get(channel)) {
			// No frame goes before the SETTINGS.
			return;
		}
		Http2Goodbye goodbye = channel.getAttachment(KEY);
		if (goodbye == null) {
			channel.putAttachment(KEY, new Http2Goodbye(channel));
			GracefulGoAway.send(channel, Integer.MAX_VALUE, () -> {
				// Streams may come still.
			});
		}
		else {
			goodbye.goOn(hurry);
		}
	}

	private void goOn(boolean hurry) {
		if (!this.ended && (hurry || isOver(this.told, ON_THE_WAY))
				&& ((Map<?, ?>) Hidden.get().streams().get(this.channel)).isEmpty()) {
			this.ended = true;
			GracefulGoAway.send(this.channel, (int) Hidden.get().lastStream().get(this.channel),
					() -> Lingering.begin(this.channel, hurry ? READING_IN_A_HURRY : READING));
		}
	}

	private static boolean isOver(long since, Duration time) {
		return System.nanoTime() - since >= time.toNanos();
	}

}
