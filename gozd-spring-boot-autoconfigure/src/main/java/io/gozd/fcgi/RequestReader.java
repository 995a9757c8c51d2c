package io.gozd.fcgi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one connection, one request after the other. What it is given is
 * consumed as far as it is understood; whatever it keeps is bounded by {@link Limits}.
 * Never waits. Not thread safe.
 */
public final class RequestReader {

	private static final int FIRST_SIZE = 2048;

	private static final int LARGEST_KEPT = 16384;

	/** What has happened. */
	public enum Event {

		/** Everything was consumed that can be: more bytes are needed. */
		STARVED,

		/** A request is here, with its parameters or with a fault. */
		REQUEST,

		/** Bytes of its body are next in the buffer. */
		BODY,

		/** Its body is over. */
		END_OF_BODY,

		/** The web server does not want an answer any more. */
		ABORT,

		/** The next request is here before this one has been answered. */
		PIPELINED,

		/** The connection is to be closed, after what was replied. */
		CLOSE

	}

	private enum Phase {

		BETWEEN, PARAMS, BODY, BODY_OVER

	}

	private enum Use {

		SKIP, PARAMS, BODY

	}

	private final Limits limits;

	private Phase phase = Phase.BETWEEN;

	/** What the content of the present record is for. */
	private Use use = Use.SKIP;

	private int contentLeft;

	private int paddingLeft;

	private int id;

	private boolean keepsConnection;

	private long ignored;

	/** Whether the end of a body is to come whose request has been answered. */
	private boolean bodyOpen;

	private byte[] paramBytes = new byte[FIRST_SIZE];

	private int paramLength;

	private @Nullable Params params;

	private @Nullable String fault;

	/**
	 * Create a reader for the beginning of a connection.
	 * @param limits how much may be sent
	 */
	public RequestReader(Limits limits) {
		this.limits = limits;
	}

	/**
	 * Go on until something happens.
	 * @param input what has been received, in a buffer of 2 KB at least; what is left in
	 * it is to be there again, with more behind it
	 * @param replies where replies go
	 * @return what has happened
	 * @throws FcgiException if that is not FastCGI
	 * @throws IOException if a reply can't be sent
	 */
	public Event next(ByteBuffer input, Replies replies) throws IOException {
		while (true) {
			Event event = (this.contentLeft > 0) ? content(input) : null;
			if (event == null && this.contentLeft == 0) {
				event = padding(input);
			}
			if (event == null) {
				event = record(input, replies);
			}
			if (event != null) {
				return event;
			}
		}
	}

	/** Use the content of a record; null when it has been used up. */
	private @Nullable Event content(ByteBuffer input) {
		int length = Math.min(this.contentLeft, input.remaining());
		if (this.use == Use.BODY) {
			return (length > 0) ? Event.BODY : Event.STARVED;
		}
		if (this.use == Use.PARAMS) {
			input.get(this.paramBytes, this.paramLength, length);
			this.paramLength += length;
		}
		else {
			input.position(input.position() + length);
			this.ignored += length;
			if (this.ignored > this.limits.maxIgnoredSize()) {
				return Event.CLOSE;
			}
		}
		this.contentLeft -= length;
		return (this.contentLeft > 0) ? Event.STARVED : null;
	}

	private @Nullable Event padding(ByteBuffer input) {
		int length = Math.min(this.paddingLeft, input.remaining());
		input.position(input.position() + length);
		this.paddingLeft -= length;
		return (this.paddingLeft > 0) ? Event.STARVED : null;
	}

	/** Begin with a record; null when there is more to do. */
	private @Nullable Event record(ByteBuffer input, Replies replies) throws IOException {
		if (input.remaining() < RecordHeader.SIZE) {
			return Event.STARVED;
		}
		RecordHeader header = RecordHeader.peek(input);
		boolean mine = header.id() == this.id && this.phase != Phase.BETWEEN;
		return switch (header.type()) {
			case RecordType.BEGIN_REQUEST -> begin(header, input, replies);
			case RecordType.ABORT_REQUEST -> {
				take(header, Use.SKIP, input);
				yield mine ? abort(replies) : count();
			}
			case RecordType.PARAMS -> mine ? params(header, input) : ignore(header, input);
			case RecordType.STDIN -> mine ? body(header, input) : rest(header, input);
			case RecordType.GET_VALUES -> (header.id() == 0) ? values(header, input, replies) : ignore(header, input);
			default -> {
				if (header.id() == 0 && !RecordType.isKnown(header.type())) {
					replies.send(new UnknownType(header.type()).toBytes());
				}
				yield ignore(header, input);
			}
		};
	}

	private void take(RecordHeader header, Use use, ByteBuffer input) {
		input.position(input.position() + RecordHeader.SIZE);
		this.use = use;
		this.contentLeft = header.contentLength();
		this.paddingLeft = header.paddingLength();
	}

	private @Nullable Event ignore(RecordHeader header, ByteBuffer input) {
		take(header, Use.SKIP, input);
		return count();
	}

	/** Headers count too: there may be nothing else. */
	private @Nullable Event count() {
		this.ignored += RecordHeader.SIZE;
		return (this.ignored > this.limits.maxIgnoredSize()) ? Event.CLOSE : null;
	}

	private @Nullable Event begin(RecordHeader header, ByteBuffer input, Replies replies) throws IOException {
		if (header.id() == 0 || header.contentLength() != BeginRequest.SIZE) {
			throw new FcgiException(
					"A request begins with the id " + header.id() + " and " + header.contentLength() + " bytes");
		}
		if (this.phase == Phase.BODY_OVER) {
			return Event.PIPELINED;
		}
		if (this.phase != Phase.BETWEEN) {
			if (header.id() == this.id) {
				throw new FcgiException("The request " + this.id + " begins twice");
			}
			replies.send(new EndRequest(header.id(), EndRequest.Status.CANT_MPX_CONN).toBytes());
			return ignore(header, input);
		}
		if (input.remaining() < RecordHeader.SIZE + BeginRequest.SIZE) {
			return Event.STARVED;
		}
		take(header, Use.SKIP, input);
		BeginRequest begin = BeginRequest.take(input);
		this.contentLeft = 0;
		if (begin.role() != BeginRequest.RESPONDER) {
			replies.send(new EndRequest(header.id(), EndRequest.Status.UNKNOWN_ROLE).toBytes());
			return begin.keepsConnection() ? count() : Event.CLOSE;
		}
		this.id = header.id();
		this.keepsConnection = begin.keepsConnection();
		this.phase = Phase.PARAMS;
		this.paramLength = 0;
		this.ignored = 0;
		this.bodyOpen = false;
		return null;
	}

	private @Nullable Event abort(Replies replies) throws IOException {
		if (this.phase != Phase.PARAMS) {
			return Event.ABORT;
		}
		this.phase = Phase.BETWEEN;
		replies.send(new EndRequest(this.id, EndRequest.Status.REQUEST_COMPLETE).toBytes());
		return this.keepsConnection ? null : Event.CLOSE;
	}

	private @Nullable Event params(RecordHeader header, ByteBuffer input) {
		if (this.phase != Phase.PARAMS) {
			return ignore(header, input);
		}
		if (header.contentLength() > this.limits.maxParamsSize() - this.paramLength) {
			this.fault = "More than " + this.limits.maxParamsSize() + " bytes of parameters";
			this.phase = Phase.BODY;
			take(header, Use.SKIP, input);
			return Event.REQUEST;
		}
		take(header, Use.PARAMS, input);
		if (header.contentLength() > 0) {
			int needed = this.paramLength + header.contentLength();
			if (needed > this.paramBytes.length) {
				this.paramBytes = Arrays.copyOf(this.paramBytes, Math.max(needed, this.paramBytes.length * 2));
			}
			return null;
		}
		this.phase = Phase.BODY;
		try {
			this.params = Params.decode(Arrays.copyOf(this.paramBytes, this.paramLength), this.limits.maxParams());
		}
		catch (FcgiException ex) {
			// The records are as they should be: that can be answered.
			this.fault = ex.getMessage();
		}
		return Event.REQUEST;
	}

	private @Nullable Event body(RecordHeader header, ByteBuffer input) throws FcgiException {
		if (this.phase == Phase.PARAMS) {
			throw new FcgiException("The body of the request " + this.id + " begins before its parameters have ended");
		}
		if (this.phase == Phase.BODY_OVER) {
			return ignore(header, input);
		}
		take(header, Use.BODY, input);
		if (header.contentLength() > 0) {
			return null;
		}
		this.phase = Phase.BODY_OVER;
		return Event.END_OF_BODY;
	}

	/** The end of a body that nobody has read comes with every request without one. */
	private @Nullable Event rest(RecordHeader header, ByteBuffer input) {
		if (!this.bodyOpen || header.id() != this.id || header.contentLength() > 0) {
			return ignore(header, input);
		}
		this.bodyOpen = false;
		this.ignored = 0;
		take(header, Use.SKIP, input);
		return null;
	}

	private @Nullable Event values(RecordHeader header, ByteBuffer input, Replies replies) throws IOException {
		if (header.contentLength() > GetValues.MAX_SIZE) {
			throw new FcgiException("A question of " + header.contentLength() + " bytes");
		}
		if (input.remaining() < RecordHeader.SIZE + header.contentLength()) {
			return Event.STARVED;
		}
		take(header, Use.SKIP, input);
		GetValues values = GetValues.take(input, header.contentLength());
		this.contentLeft = 0;
		this.ignored += header.contentLength();
		replies.send(values.answer(this.limits.maxConnections()));
		return count();
	}

	/**
	 * Take bytes of the body, after {@link Event#BODY}.
	 * @param input the buffer that {@link #next} was given
	 * @param max how many to take at most
	 * @return a view of the buffer
	 */
	public ByteBuffer takeBody(ByteBuffer input, long max) {
		int length = (int) Math.min(Math.min(this.contentLeft, input.remaining()), max);
		ByteBuffer body = input.slice(input.position(), length);
		input.position(input.position() + length);
		this.contentLeft -= length;
		return body;
	}

	/**
	 * Forget the request: it has been answered. What is left of its body is ignored.
	 */
	public void finish() {
		this.bodyOpen = this.phase == Phase.BODY;
		this.phase = Phase.BETWEEN;
		this.use = Use.SKIP;
		this.params = null;
		this.fault = null;
		if (this.paramBytes.length > LARGEST_KEPT) {
			this.paramBytes = new byte[FIRST_SIZE];
		}
	}

	/**
	 * Forget the connection.
	 */
	public void reset() {
		finish();
		this.bodyOpen = false;
		this.contentLeft = 0;
		this.paddingLeft = 0;
		this.ignored = 0;
	}

	/**
	 * Return the id of the request.
	 * @return a number from 1 to 65535
	 */
	public int id() {
		return this.id;
	}

	/**
	 * Return who closes the connection.
	 * @return whether the web server does, and not the application after the request
	 */
	public boolean keepsConnection() {
		return this.keepsConnection;
	}

	/**
	 * Return the parameters of the request.
	 * @return them, or null where they have a fault
	 */
	public @Nullable Params params() {
		return this.params;
	}

	/**
	 * Return why the request can't be served.
	 * @return what is wrong with the parameters, or null
	 */
	public @Nullable String fault() {
		return this.fault;
	}

	/**
	 * Return whether a request has begun whose parameters are not complete.
	 * @return whether it has
	 */
	public boolean hasBegun() {
		return this.phase == Phase.PARAMS;
	}

	/**
	 * Return whether the last record is over, and belongs to no request.
	 * @return whether a new record comes next, or nothing
	 */
	public boolean isBetween() {
		return this.phase == Phase.BETWEEN && isRecordOver();
	}

	/**
	 * Return whether all of the last record was here, its padding included.
	 * @return whether a new record comes next, or nothing
	 */
	public boolean isRecordOver() {
		return this.contentLeft == 0 && this.paddingLeft == 0;
	}

	/**
	 * Return whether nothing at all was ignored since the end of the last request.
	 * @return whether a new reader would do as well, if {@link #isBetween()}
	 */
	public boolean isUnused() {
		return this.ignored == 0;
	}

}
