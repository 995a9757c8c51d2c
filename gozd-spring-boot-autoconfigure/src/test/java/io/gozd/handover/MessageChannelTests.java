package io.gozd.handover;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

import io.gozd.posix.FakeUnixConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class MessageChannelTests {

	private final FakeUnixConnection connection = new FakeUnixConnection();

	private final List<Integer> closed = new ArrayList<>();

	private final MessageChannel channel = new MessageChannel(this.connection, 1000, this.closed::add);

	@Test
	void aFrameIsItsLengthInFourBytesAndTheText() throws IOException {
		this.channel.send(Message.of("X").with("a", 1));
		assertThat(HexFormat.of().formatHex(this.connection.sent())).isEqualTo("0000000e" // 14
				+ "676f7a642f3120580a" // gozd/1 X
				+ "613a20310a"); // a: 1
	}

	@Test
	void aFrameIsReadBack() throws IOException {
		this.connection.give(HexFormat.of().parseHex("0000000e676f7a642f3120580a613a20310a"));
		assertThat(this.channel.receive()).isEqualTo(Message.of("X").with("a", 1));
	}

	@Test
	void framesMayBeSplitAnywhere() throws IOException {
		Message first = Message.of(Message.HELLO).with("pid", 4711).with("name", "zażółć");
		Message second = Message.of(Message.PREPARED);
		byte[] both = concat(frame(first), frame(second));
		for (int split = 1; split < both.length; split++) {
			FakeUnixConnection connection = new FakeUnixConnection();
			connection.give(Arrays.copyOf(both, split));
			connection.give(Arrays.copyOfRange(both, split, both.length));
			MessageChannel channel = new MessageChannel(connection, 0, this.closed::add);
			assertThat(channel.receive()).as("split after %d bytes", split).isEqualTo(first);
			assertThat(channel.receive()).as("split after %d bytes", split).isEqualTo(second);
		}
	}

	@Test
	void framesMayComeByteByByte() throws IOException {
		for (byte b : frame(Message.of(Message.COMMIT))) {
			this.connection.give(new byte[] { b });
		}
		assertThat(this.channel.receive()).isEqualTo(Message.of(Message.COMMIT));
	}

	@Test
	void aMessageMayBeLongerThanTheBuffer() throws IOException {
		Message message = Message.of(Message.FAILED, "long story ".repeat(5000));
		this.channel.send(message);
		this.connection.give(this.connection.sent());
		assertThat(this.channel.receive()).isEqualTo(message);
	}

	@Test
	void aMessageThatThePeerWouldRefuseIsNotSent() {
		Message message = Message.of(Message.FAILED, "x".repeat(1 << 20));
		assertThatIOException().isThrownBy(() -> this.channel.send(message)).withMessageContaining("too long");
		assertThat(this.connection.sent()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, Integer.MIN_VALUE, (1 << 20) + 1, Integer.MAX_VALUE })
	void anAbsurdLengthIsRefusedWithoutWaitingForTheText(int length) {
		this.connection.give(ByteBuffer.allocate(4).putInt(length).array(), 7);
		assertThatIOException().isThrownBy(this.channel::receive)
			.withMessage("The peer announces a message of " + length + " bytes");
		assertThat(this.closed).containsExactly(7);
	}

	@Test
	void aFrameWithoutTextIsNoMessage() {
		this.connection.give(new byte[4]);
		assertThatIOException().isThrownBy(this.channel::receive).withMessage("Not a message of gozd");
	}

	@Test
	void theEndBetweenTwoFramesIsTheEnd() throws IOException {
		this.connection.give(frame(Message.of(Message.OWNER)));
		this.channel.receive();
		assertThatExceptionOfType(EOFException.class).isThrownBy(this.channel::receive);
	}

	@Test
	void theEndWithinAFrameIsTheEndTooAndClosesWhatCameAlong() {
		byte[] frame = frame(Message.of(Message.DESCRIPTORS).with("count", 2));
		for (int length = 1; length < frame.length; length++) {
			FakeUnixConnection connection = new FakeUnixConnection();
			connection.give(Arrays.copyOf(frame, length), 40, 41);
			List<Integer> closed = new ArrayList<>();
			MessageChannel channel = new MessageChannel(connection, 2, closed::add);
			assertThatExceptionOfType(EOFException.class).isThrownBy(channel::receive);
			assertThat(closed).as("after %d bytes", length).containsExactly(40, 41);
		}
	}

	@Test
	void sixHundredDescriptorsTravelInPiecesThatTheKernelTakes() throws IOException {
		List<Integer> descriptors = IntStream.range(100, 700).boxed().toList();
		this.channel.sendDescriptors(descriptors);
		assertThat(this.connection.sentDescriptors()).containsExactly(descriptors.subList(0, 253),
				descriptors.subList(253, 506), descriptors.subList(506, 600));
		this.connection.give(frame(pieceOf(253)), descriptors.subList(0, 253).toArray(Integer[]::new));
		this.connection.give(frame(pieceOf(253)), descriptors.subList(253, 506).toArray(Integer[]::new));
		this.connection.give(frame(pieceOf(94)), descriptors.subList(506, 600).toArray(Integer[]::new));
		assertThat(this.connection.sent())
			.isEqualTo(concat(frame(pieceOf(253)), frame(pieceOf(253)), frame(pieceOf(94))));
		assertThat(this.channel.receiveDescriptors(600)).isEqualTo(descriptors);
		assertThat(this.closed).isEmpty();
	}

	@Test
	void noDescriptorsAreNoMessage() throws IOException {
		this.channel.sendDescriptors(List.of());
		assertThat(this.connection.sent()).isEmpty();
		assertThat(this.channel.receiveDescriptors(0)).isEmpty();
	}

	@Test
	void moreDescriptorsThanArePossibleAreClosed() {
		MessageChannel channel = new MessageChannel(this.connection, 2, this.closed::add);
		this.connection.give(frame(Message.of(Message.PREPARED)), 7, 8, 9);
		assertThatIOException().isThrownBy(channel::receive).withMessage("The peer sends more than 2 descriptors");
		assertThat(this.closed).containsExactly(7, 8, 9);
	}

	@Test
	void fewerDescriptorsThanAnnouncedAreClosed() {
		this.connection.give(frame(pieceOf(3)), 7, 8);
		assertThatIOException().isThrownBy(() -> this.channel.receiveDescriptors(3))
			.withMessage("Expected 3 descriptors, got 2 of 3");
		assertThat(this.closed).containsExactly(7, 8);
	}

	@Test
	void moreDescriptorsThanAskedForAreClosed() {
		this.connection.give(frame(pieceOf(3)), 7, 8, 9);
		assertThatIOException().isThrownBy(() -> this.channel.receiveDescriptors(2));
		assertThat(this.closed).containsExactly(7, 8, 9);
	}

	@Test
	void anotherMessageInPlaceOfDescriptorsClosesThoseThatCame() {
		this.connection.give(frame(pieceOf(1)), 7);
		this.connection.give(frame(Message.of(Message.ABORT)));
		assertThatIOException().isThrownBy(() -> this.channel.receiveDescriptors(2))
			.withMessage("Expected descriptors, not ABORT");
		assertThat(this.closed).containsExactly(7);
	}

	@Test
	void aFailureOfTheKernelClosesWhatItDidDeliver() {
		this.connection.give(frame(pieceOf(1)), 7);
		this.connection.fail(new IOException("The kernel dropped descriptors on the way (MSG_CTRUNC)"), 8);
		assertThatIOException().isThrownBy(() -> this.channel.receiveDescriptors(2)).withMessageContaining("CTRUNC");
		assertThat(this.closed).containsExactly(7, 8);
	}

	@Test
	void garbageClosesWhatCameAlong() {
		this.connection.give(concat(ByteBuffer.allocate(4).putInt(3).array(), "boo".getBytes(StandardCharsets.UTF_8)),
				7);
		assertThatIOException().isThrownBy(this.channel::receive).withMessage("Not a message of gozd");
		assertThat(this.closed).containsExactly(7);
	}

	@Test
	void descriptorsThatWereTakenAreNotClosed() throws IOException {
		this.connection.give(frame(pieceOf(2)), 7, 8);
		assertThat(this.channel.receiveDescriptors(2)).containsExactly(7, 8);
		assertThatExceptionOfType(EOFException.class).isThrownBy(this.channel::receive);
		this.channel.close();
		assertThat(this.closed).isEmpty();
	}

	@Test
	void readTimeoutAndCloseAreTheConnections() throws IOException {
		this.channel.readTimeout(250);
		assertThat(this.connection.readTimeout()).isEqualTo(250);
		this.channel.close();
		assertThat(this.connection.isClosed()).isTrue();
	}

	private static Message pieceOf(int count) {
		return Message.of(Message.DESCRIPTORS).with("count", count);
	}

	private static byte[] frame(Message message) {
		byte[] text = message.encode();
		return ByteBuffer.allocate(4 + text.length).putInt(text.length).put(text).array();
	}

	private static byte[] concat(byte[]... parts) {
		ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt((part) -> part.length).sum());
		for (byte[] part : parts) {
			all.put(part);
		}
		return all.array();
	}

}
