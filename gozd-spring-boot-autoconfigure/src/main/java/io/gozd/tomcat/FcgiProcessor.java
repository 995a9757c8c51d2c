package io.gozd.tomcat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;

import io.gozd.fcgi.FcgiException;
import io.gozd.fcgi.Params;
import io.gozd.tomcat.FcgiRequest.BadRequestException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletConnection;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.Constants;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.ErrorState;
import org.apache.coyote.InputBuffer;
import org.apache.coyote.OutputBuffer;
import org.apache.coyote.RequestInfo;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.apache.tomcat.util.ExceptionUtils;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.modeler.Registry;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Serves a connection of a web server: one request after the other, each as Tomcat serves
 * one of HTTP. Between two bytes of a request, and between two requests, it has no
 * thread.
 */
final class FcgiProcessor extends AbstractProcessor {

	private static final Log log = LogFactory.getLog(FcgiProcessor.class);

	/** Where CoyoteAdapter keeps the request that the application has. */
	private static final int ADAPTER_NOTES = 1;

	private static final int MOST_IN_A_ROW = 16;

	private final FcgiProtocol protocol;

	private final FcgiOutput output = new FcgiOutput();

	private final FcgiInput input;

	private FcgiOrigin origin = FcgiOrigin.UNKNOWN;

	private boolean swallowResponse;

	private boolean responseFinished;

	private boolean endSent;

	/** Whether the application has not answered at once. */
	private boolean answersLater;

	private long bytesLeft = -1;

	private long bytesWritten;

	private final FcgiDeadline deadline = new FcgiDeadline();

	private boolean served;

	/** How many requests this thread has served without a pause. */
	private int inARow;

	/**
	 * Whether the web server may still be sending when the connection is to be closed.
	 */
	private boolean mayBeSending;

	private final FcgiLinger linger = new FcgiLinger();

	private boolean spoiled;

	FcgiProcessor(FcgiProtocol protocol, Adapter adapter) {
		super(adapter);
		this.protocol = protocol;
		this.input = new FcgiInput(protocol.limits(), this.output);
		this.request.setInputBuffer(new Body());
		this.response.setOutputBuffer(new Content());
	}

	@Override
	protected Log getLog() {
		return log;
	}

	@Override
	public SocketState process(SocketWrapperBase<?> wrapper, SocketEvent status) throws IOException {
		if (this.linger.isActive()) {
			// Interest in writing may be left of an asynchronous response.
			boolean goOn = status == SocketEvent.OPEN_READ || status == SocketEvent.OPEN_WRITE;
			return goOn ? this.linger.goOn(wrapper, this.input) : SocketState.CLOSED;
		}
		SocketEvent event = status;
		boolean looked = false;
		if (status == SocketEvent.OPEN_READ && isWaiting()) {
			if (!mayAwaitMore()) {
				Boolean goOn = watch();
				looked = true;
				if (goOn == null) {
					// Nobody waits for the response: the application is told so.
					wrapper.setError(this.input.failure());
					event = SocketEvent.ERROR;
				}
				else if (goOn) {
					wrapper.registerReadInterest();
				}
				if (goOn != null && this.request.getReadListener() == null) {
					return SocketState.LONG;
				}
			}
			else if (available(true) == 0 && !isRequestBodyFullyRead()) {
				// Padding, say, and nothing for the listener.
				wrapper.registerReadInterest();
				return SocketState.LONG;
			}
		}
		SocketState state = super.process(wrapper, event);
		if (state == SocketState.LONG && !looked && isWaiting() && !mayAwaitMore()) {
			lookForEnd(wrapper);
		}
		if (state == SocketState.CLOSED) {
			endAborted();
			if (this.answersLater && getErrorState().isError()) {
				// Tomcat ends it without asking us.
				this.mayBeSending = this.endSent && getErrorState().isIoAllowed() && !this.input.hasTimedOut();
			}
			if (this.mayBeSending && !isAsync()) {
				this.mayBeSending = false;
				return this.linger.begin(wrapper, this.input);
			}
		}
		return state;
	}

	/** Learn of the end of the connection; as long as it takes. */
	private void lookForEnd(SocketWrapperBase<?> wrapper) {
		// Who reads aside does it when he has read all.
		if (this.input.tryLock()) {
			try {
				wrapper.setReadTimeout(-1);
				wrapper.registerReadInterest();
			}
			finally {
				this.input.unlock();
			}
		}
	}

	/** Say that a request has ended that was aborted while nobody read or wrote. */
	private void endAborted() {
		if (this.input.isAborted() && !this.endSent) {
			try {
				// The connection is about to be closed.
				this.output.end(this.input.id(), this.input.keepsConnection());
			}
			catch (IOException ex) {
				log.debug("The web server does not wait for the end of what it has aborted", ex);
			}
		}
	}

	/** Whether an application has to answer, and no thread of Tomcat is with it. */
	private boolean isWaiting() {
		if (!isAsync()) {
			return false;
		}
		AtomicBoolean started = new AtomicBoolean();
		action(ActionCode.ASYNC_IS_STARTED, started);
		return started.get();
	}

	/** Whether there is a listener that is not through with the body. */
	private boolean mayAwaitMore() {
		return this.request.getReadListener() != null && !isRequestBodyFullyRead();
	}

	private @Nullable Boolean watch() {
		if (!this.input.tryLock()) {
			// Somebody reads, and learns of it.
			return false;
		}
		try {
			return this.input.watch();
		}
		finally {
			this.input.unlock();
		}
	}

	@Override
	public SocketState service(SocketWrapperBase<?> wrapper) throws IOException {
		RequestInfo info = this.request.getRequestProcessor();
		info.setStage(Constants.STAGE_PARSE);
		setSocketWrapper(wrapper);
		this.input.attach(wrapper);
		this.output.attach(wrapper);
		if (!this.protocol.permits(wrapper)) {
			log.debug("A connection from " + wrapper.getRemoteAddr() + ", which is no web server of ours");
			return SocketState.CLOSED;
		}
		try {
			SocketState state = null;
			while (state == null) {
				state = awaitRequest(wrapper);
				if (state == null) {
					state = serve(wrapper);
				}
			}
			return state;
		}
		catch (FcgiException ex) {
			log.debug("A connection ends that does not speak FastCGI", ex);
			return SocketState.CLOSED;
		}
		catch (IOException ex) {
			if (!this.input.isCut()) {
				throw ex;
			}
			long count = this.protocol.countHalfRequest();
			log.debug("A web server has ended a connection in the middle of a request, as " + count
					+ " times since the start", ex);
			return SocketState.CLOSED;
		}
		finally {
			info.setStage(Constants.STAGE_ENDED);
		}
	}

	/** Read the next request; null when it is here. */
	private @Nullable SocketState awaitRequest(SocketWrapperBase<?> wrapper) throws IOException {
		while (true) {
			switch (this.input.next()) {
				case REQUEST -> {
					return null;
				}
				case STARVED -> {
					if (!this.input.fill(false) && !comesSoon()) {
						return pause(wrapper);
					}
				}
				case CLOSE -> {
					this.mayBeSending = true;
					return SocketState.CLOSED;
				}
				default -> throw new IllegalStateException("Between two requests comes what belongs to one");
			}
		}
	}

	/**
	 * Let the web server run, and look once more: it gives its next request to the
	 * connection that became free last, and then neither the poller nor another thread
	 * has to wake up for it.
	 */
	private boolean comesSoon() throws IOException {
		// After some of them, or where others wait, somebody else gets this thread.
		if (this.inARow == 0 || this.inARow > MOST_IN_A_ROW || !this.input.isBetween() || this.protocol.isBusy()) {
			return false;
		}
		Thread.yield();
		return this.input.fill(false);
	}

	/** Have the poller wait for more, in place of this thread. */
	private SocketState pause(SocketWrapperBase<?> wrapper) {
		this.inARow = 0;
		if (this.input.isBetween()) {
			this.deadline.clear();
			wrapper.setReadTimeout(this.protocol.settings().idleTimeout().toMillis());
			return this.input.isIdle() ? SocketState.OPEN : SocketState.LONG;
		}
		boolean params = this.input.hasBegun() || !this.served;
		Duration patience = params ? this.protocol.settings().paramsTimeout() : this.protocol.settings().readTimeout();
		this.deadline.startOnce(patience, params);
		return this.deadline.await(wrapper);
	}

	/** Serve a request; null when the next one can be read. */
	private @Nullable SocketState serve(SocketWrapperBase<?> wrapper) throws IOException {
		this.deadline.clear();
		wrapper.setReadTimeout(this.protocol.settings().readTimeout().toMillis());
		wrapper.setWriteTimeout(this.protocol.settings().readTimeout().toMillis());
		RequestInfo info = this.request.getRequestProcessor();
		info.setStage(Constants.STAGE_PREPARE);
		start();
		if (getErrorState().isIoAllowed() && !getErrorState().isError()) {
			info.setStage(Constants.STAGE_SERVICE);
			try {
				getAdapter().service(this.request, this.response);
			}
			catch (Throwable ex) {
				ExceptionUtils.handleThrowable(ex);
				log.error("The application has not caught an exception", ex);
				this.response.setStatus(500);
				setErrorState(ErrorState.CLOSE_CLEAN, ex);
				getAdapter().log(this.request, this.response, 0);
			}
		}
		if (isAsync() && !getErrorState().isError()) {
			this.answersLater = true;
			return SocketState.LONG;
		}
		if (!this.responseFinished && getErrorState().isIoAllowed()) {
			action(ActionCode.CLOSE, null);
		}
		if (getErrorState().isError()) {
			this.response.setStatus(500);
		}
		this.request.updateCounters();
		info.setStage(Constants.STAGE_KEEPALIVE);
		return endRequest() ? null : SocketState.CLOSED;
	}

	private void start() {
		startTime();
		this.input.body(0);
		String fault = this.input.fault();
		Params params = this.input.params();
		try {
			if (params == null) {
				throw new BadRequestException((fault != null) ? fault : "No parameters");
			}
			this.origin = FcgiRequest.fill(this.request, this.protocol.settings(), params);
			this.input.body(this.request.getContentLengthLong());
			peer();
			host();
			if (getErrorState().isError()) {
				getAdapter().log(this.request, this.response, 0);
			}
		}
		catch (BadRequestException ex) {
			log.debug("A request can't be served: " + ex.getMessage());
			this.response.setStatus(400);
			setErrorState(ErrorState.CLOSE_CLEAN, null);
			getAdapter().log(this.request, this.response, 0);
		}
	}

	@SuppressWarnings("deprecation") // The other way is not there before 10.1.47.
	private void startTime() {
		this.request.setStartTimeNanos(System.nanoTime());
	}

	private void peer() {
		String peer = getSocketWrapper().getRemoteAddr();
		this.request.peerAddr().setString(peer);
		if (this.request.remoteAddr().isNull() || this.request.remoteAddr().getLength() == 0) {
			this.request.remoteAddr().setString(peer);
		}
	}

	private void host() throws BadRequestException {
		try {
			parseHost(this.request.getMimeHeaders().getUniqueValue("host"));
		}
		catch (IllegalArgumentException ex) {
			throw new BadRequestException("More than one HTTP_HOST");
		}
		if (this.protocol.settings().portFromServer() && this.request.getServerPort() == -1) {
			populatePort();
		}
	}

	@Override
	protected void populateHost() {
		String name = this.origin.serverName();
		this.request.serverName().setString(!name.isEmpty() ? name : this.origin.serverAddress());
	}

	@Override
	protected void populatePort() {
		this.request.setServerPort(this.origin.serverPort());
	}

	@Override
	protected void populateRequestAttributeRemoteHost() {
		if (this.request.remoteHost().isNull()) {
			String host = this.origin.remoteHost();
			// No name server is asked: HostnameLookups are the web server's.
			this.request.remoteHost().setString(!host.isEmpty() ? host : this.request.remoteAddr().toString());
		}
	}

	@Override
	protected boolean getPopulateRequestAttributesFromSocket() {
		return false;
	}

	@Override
	protected void populateSslRequestAttributes() {
		Params params = this.input.params();
		if (params != null && this.protocol.settings().trustSsl()) {
			FcgiSslAttributes.add(params, this.request);
		}
	}

	/** Whether the connection is kept for another request. */
	private boolean endRequest() {
		if (this.input.hasTimedOut()) {
			return false;
		}
		if (!this.input.tryLock()) {
			// A thread of the application reads on, and may take the next request.
			this.mayBeSending = getErrorState().isIoAllowed();
			return false;
		}
		try {
			// A bad request is in good records: to close would lose the next request,
			// which may be another client's and is perhaps on its way.
			if (!this.input.keepsConnection() || !getErrorState().isIoAllowed() || isAsync()) {
				this.mayBeSending = getErrorState().isIoAllowed() && !this.input.seesEnd();
				return false;
			}
			this.input.finish();
		}
		finally {
			this.input.unlock();
		}
		recycleRequest();
		this.served = true;
		this.inARow++;
		getSocketWrapper().setReadTimeout(this.protocol.settings().idleTimeout().toMillis());
		return true;
	}

	@Override
	protected SocketState dispatchEndRequest() {
		return endRequest() ? SocketState.OPEN : SocketState.CLOSED;
	}

	@Override
	public void recycle() {
		recycleRequest();
		boolean free = this.output.recycle();
		this.spoiled = !this.input.recycle() || !free;
		if (this.spoiled) {
			leaveStatistics();
		}
		this.deadline.clear();
		this.served = false;
		this.inARow = 0;
		this.mayBeSending = false;
		this.linger.end();
		setSocketWrapper(null);
	}

	private void leaveStatistics() {
		RequestInfo info = this.request.getRequestProcessor();
		info.setGlobalProcessor(null);
		if (info.getRpName() != null) {
			Registry.getRegistry(null).unregisterComponent(info.getRpName());
		}
	}

	/**
	 * Whether this is not to be used again: a thread of the application has not noticed
	 * yet that the connection is closed, and would fail somebody else's request when it
	 * does. Tomcat's pool asks for this after {@link #recycle()}.
	 */
	@Override
	public boolean isUpgrade() {
		return this.spoiled;
	}

	private void recycleRequest() {
		getAdapter().checkRecycled(this.request, this.response);
		super.recycle();
		this.request.recycle();
		this.response.recycle();
		this.origin = FcgiOrigin.UNKNOWN;
		this.swallowResponse = false;
		this.responseFinished = false;
		this.endSent = false;
		this.answersLater = false;
		this.bytesLeft = -1;
		this.bytesWritten = 0;
	}

	/** Whether no request has begun that is not over. To be called with the lock held. */
	boolean isIdle() {
		return !this.linger.isActive() && !isAsync() && this.input.isBetween();
	}

	@Override
	public void pause() {
		// Requests that come are served all the same.
	}

	@Override
	protected void prepareResponse() throws IOException {
		this.response.setCommitted(true);
		boolean empty = FcgiHead.isAlone(this.response.getStatus());
		if (empty || "HEAD".equals(method())) {
			this.swallowResponse = true;
		}
		if (!getErrorState().isIoAllowed() || this.input.isAborted()) {
			this.swallowResponse = true;
			return;
		}
		if (empty) {
			this.response.setContentLength(-1);
		}
		this.bytesLeft = this.response.getContentLengthLong();
		ByteBuffer head = FcgiHead.of(this.response);
		if (head.remaining() > FcgiHead.LARGE) {
			this.protocol.warnOnce("The head of a response has " + head.remaining()
					+ " bytes: nginx needs a fastcgi_buffer_size that is larger, or says 502");
		}
		this.output.write(this.input.id(), head, isBlocking());
	}

	@SuppressWarnings("deprecation") // The other way is not there before 10.1.47.
	private @Nullable String method() {
		return this.request.method().toString();
	}

	private boolean isBlocking() {
		return this.response.getWriteListener() == null;
	}

	@Override
	protected void finishResponse() throws IOException {
		if (this.responseFinished || !getErrorState().isIoAllowed()) {
			return;
		}
		this.responseFinished = true;
		if (this.protocol.settings().reportErrors()) {
			report();
		}
		this.endSent = true;
		// After an error Tomcat closes what was answered later, whatever we say.
		boolean closing = this.protocol.endpoint().isDraining() || (this.answersLater && getErrorState().isError());
		this.output.end(this.input.id(), closing && this.input.keepsConnection());
	}

	private void report() throws IOException {
		if (this.request.getNote(ADAPTER_NOTES) instanceof HttpServletRequest servletRequest
				&& servletRequest.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable thrown) {
			this.output.report(this.input.id(), thrown.toString());
		}
	}

	@Override
	protected void flush() throws IOException {
		if (!this.responseFinished) {
			this.output.flush(isBlocking());
		}
	}

	@Override
	protected int available(boolean doRead) {
		this.input.lock();
		try {
			return this.input.available(doRead);
		}
		finally {
			this.input.unlock();
		}
	}

	@Override
	protected void setRequestBody(ByteChunk body) {
		this.request.setContentLength(body.getLength());
		this.input.replay(ByteBuffer.wrap(body.getBytes(), body.getStart(), body.getLength()));
	}

	@Override
	protected void setSwallowResponse() {
		this.swallowResponse = true;
		// What is cut off must not look complete.
		this.responseFinished = true;
	}

	@Override
	protected void disableSwallowRequest() {
		// What is left of it is skipped, and is bounded.
	}

	/**
	 * Tomcat takes a processor that waits from its connection when a timeout of an
	 * asynchronous request comes after the end of that request, and does not give it
	 * back: what the web server sends next, the rest of a body perhaps, would be read by
	 * another one, as the beginning of records.
	 */
	@Override
	protected void processSocketEvent(SocketEvent event, boolean dispatch) {
		SocketWrapperBase<?> wrapper = getSocketWrapper();
		if (event != SocketEvent.TIMEOUT || wrapper == null) {
			super.processSocketEvent(event, dispatch);
			return;
		}
		try {
			wrapper.execute(() -> timeOut(wrapper));
		}
		catch (RejectedExecutionException ex) {
			log.debug("Nobody is left to say that a request has timed out", ex);
		}
	}

	private void timeOut(SocketWrapperBase<?> wrapper) {
		Lock lock = ConnectionLock.of(wrapper);
		lock.lock();
		try {
			if (wrapper.getCurrentProcessor() == this && isAsync() && checkAsyncTimeoutGeneration()) {
				wrapper.processSocket(SocketEvent.TIMEOUT, false);
			}
		}
		finally {
			lock.unlock();
		}
	}

	@Override
	protected boolean isReadyForRead() {
		if (available(true) > 0) {
			return true;
		}
		if (!isRequestBodyFullyRead()) {
			registerReadInterest();
		}
		else if (!this.request.isRequestThread()) {
			// To be told of the end, in a thread of Tomcat.
			action(ActionCode.DISPATCH_READ, null);
			action(ActionCode.DISPATCH_EXECUTE, null);
		}
		return false;
	}

	@Override
	protected boolean isRequestBodyFullyRead() {
		if (!this.input.tryLock()) {
			// Who reads has not read all.
			return false;
		}
		try {
			return this.input.isFinished();
		}
		finally {
			this.input.unlock();
		}
	}

	@Override
	protected void registerReadInterest() {
		getSocketWrapper().registerReadInterest();
	}

	@Override
	protected boolean isReadyForWrite() {
		return getSocketWrapper().isReadyForWrite();
	}

	@Override
	protected boolean flushBufferedWrite() throws IOException {
		if (getSocketWrapper().hasDataToWrite() && this.output.flush(false)) {
			// Not through the response, whose state of registration is as it should be.
			getSocketWrapper().registerWriteInterest();
			return true;
		}
		return false;
	}

	@Override
	protected void ack(ContinueResponseTiming continueResponseTiming) {
		// The web server has said 100 Continue.
	}

	@Override
	protected void earlyHints() {
		// A web server expects one head.
	}

	@Override
	protected boolean isTrailerFieldsReady() {
		// There are none: so the application can see that.
		return true;
	}

	@Override
	protected Object getProtocolRequestId() {
		return Integer.toString(this.input.id());
	}

	@Override
	protected ServletConnection getServletConnection() {
		return getSocketWrapper().getServletConnection("fcgi", "");
	}

	private int read(ApplicationBufferHandler handler) throws IOException {
		SocketWrapperBase<?> wrapper = getSocketWrapper();
		if (wrapper == null) {
			throw new EOFException("The connection is closed");
		}
		boolean block = this.request.getReadListener() == null;
		boolean aside = block && isAsync() && !this.request.isRequestThread();
		boolean over = false;
		this.input.lock();
		try {
			if (block) {
				// The poller counts from there, however long nobody has read.
				((NioEndpoint.NioSocketWrapper) wrapper).updateLastRead();
				wrapper.setReadTimeout(this.protocol.settings().readTimeout().toMillis());
			}
			return this.input.read(handler, block);
		}
		finally {
			if (aside) {
				// Now it is the application that others wait for.
				wrapper.setReadTimeout(-1);
				over = this.input.isFinished() || this.input.mayBeOver();
			}
			this.input.unlock();
			if (over) {
				// Learn of the end of the connection.
				wrapper.registerReadInterest();
			}
			if (this.linger.isActive()) {
				wrapper.processSocket(SocketEvent.OPEN_READ, true);
			}
		}
	}

	/** The body of the request. */
	private final class Body implements InputBuffer {

		@Override
		public int doRead(ApplicationBufferHandler handler) throws IOException {
			return read(handler);
		}

		@Override
		public int available() {
			return FcgiProcessor.this.available(false);
		}

	}

	/** The body of the response. */
	private final class Content implements OutputBuffer {

		@Override
		public int doWrite(ByteBuffer chunk) throws IOException {
			return write(chunk);
		}

		@Override
		public long getBytesWritten() {
			return FcgiProcessor.this.bytesWritten;
		}

	}

	private int write(ByteBuffer chunk) throws IOException {
		if (!this.response.isCommitted()) {
			action(ActionCode.COMMIT, null);
		}
		int length = chunk.remaining();
		if (this.swallowResponse || this.input.isAborted()) {
			chunk.position(chunk.limit());
			return length;
		}
		int end = chunk.limit();
		if (this.bytesLeft >= 0 && length > this.bytesLeft) {
			// More than the application has promised.
			chunk.limit(chunk.position() + (int) this.bytesLeft);
		}
		try {
			this.bytesWritten += chunk.remaining();
			this.bytesLeft -= (this.bytesLeft >= 0) ? chunk.remaining() : 0;
			this.output.write(this.input.id(), chunk, isBlocking());
		}
		catch (IOException ex) {
			setErrorState(ErrorState.CLOSE_CONNECTION_NOW, ex);
			throw ex;
		}
		chunk.limit(end).position(end);
		return length;
	}

}
