package io.gozd.sample.http;

import java.util.concurrent.ScheduledFuture;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * A stream of server-sent events, endless unless the client asks for a number of them.
 */
@RestController
final class EventStreamController {

	private static final long NO_TIMEOUT = 0;

	private final Identity identity;

	private final Ticker ticker;

	EventStreamController(Identity identity, Ticker ticker) {
		this.identity = identity;
		this.ticker = ticker;
	}

	@GetMapping("/sse")
	SseEmitter events(@RequestParam(defaultValue = EventStream.ENDLESS) long events) {
		SseEmitter emitter = new SseEmitter(NO_TIMEOUT);
		ScheduledFuture<?> ticks = this.ticker
			.everyTenthOfSecond(new EventStream(emitter, this.identity.toString(), events));
		// Called however the stream ends: by us, by the client or by a drain.
		emitter.onCompletion(() -> ticks.cancel(false));
		return emitter;
	}

}
