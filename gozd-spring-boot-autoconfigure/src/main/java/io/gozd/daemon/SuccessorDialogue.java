package io.gozd.daemon;

import java.io.IOException;

import io.gozd.handover.Incumbent;
import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What the successor says, read in the thread of its connection and told to the machine
 * in the {@link Loop}.
 */
final class SuccessorDialogue {

	private static final Log logger = LogFactory.getLog(SuccessorDialogue.class);

	private final CurrentAttempt current;

	private final Incumbent machine;

	private final Loop loop;

	private final Faults faults;

	SuccessorDialogue(CurrentAttempt current, Incumbent machine, Loop loop, Faults faults) {
		this.current = current;
		this.machine = machine;
		this.loop = loop;
		this.faults = faults;
	}

	/**
	 * Read all that it says, until the connection ends.
	 * @param hello what it has said first
	 * @param pid who it is
	 * @param channel the connection; stays open where this fails
	 * @throws IOException when the connection has ended
	 */
	void read(Message hello, long pid, MessageChannel channel) throws IOException {
		channel.readTimeout(0);
		this.loop.execute(() -> greeted(hello, pid, channel));
		try {
			while (true) {
				Message message = channel.receive();
				this.loop.execute(() -> told(message, channel));
			}
		}
		catch (IOException ex) {
			this.loop.execute(() -> {
				if (this.current.connectedBy(channel) != null) {
					this.machine.connectionLost("The connection to the successor is gone: " + ex.getMessage());
				}
			});
			throw ex;
		}
	}

	private void greeted(Message hello, long pid, MessageChannel channel) {
		Attempt attempt = this.current.get();
		if (attempt == null || attempt.pid() != pid || this.machine.state() != Incumbent.State.RELOADING) {
			refuse(pid, channel);
			return;
		}
		attempt.connected(channel);
		this.faults.at("incumbent", "hello-received");
		logger.debug("Generation " + hello.field("generation") + " (pid " + pid + ") says HELLO");
		this.machine.hello();
	}

	private static void refuse(long pid, MessageChannel channel) {
		try {
			channel.send(Message.of(Message.REFUSED, "pid " + pid + " is not the successor"));
		}
		catch (IOException ex) {
			logger.debug("Pid " + pid + " does not wait to be refused", ex);
		}
		channel.close();
	}

	private void told(Message message, MessageChannel channel) {
		Attempt attempt = this.current.connectedBy(channel);
		if (attempt == null) {
			return;
		}
		switch (message.type()) {
			case Message.PREPARED -> {
				this.faults.at("incumbent", "prepared-received");
				prepared(attempt, message);
			}
			case Message.ACCEPTING -> {
				this.faults.at("incumbent", "accepting-received");
				this.machine.accepting();
			}
			case Message.RELOAD -> this.machine.reload();
			case Message.FAILED -> {
				attempt.ends();
				this.machine.successorFailed(String.valueOf(message.field("reason")));
			}
			case Message.TERMINATING -> this.machine.successorTerminates();
			default -> logger.debug("The successor says " + message.type() + ", which this release does not know");
		}
	}

	private void prepared(Attempt attempt, Message message) {
		try {
			attempt.prepared(message);
			this.machine.prepared();
		}
		catch (IOException ex) {
			this.machine.successorFailed("The successor says what can't be understood: " + ex.getMessage());
		}
	}

}
