package io.gozd.posix;

import jnr.ffi.Pointer;

/**
 * A socket filter that drops TCP segments with SYN and without ACK, in classic BPF. The
 * data that a filter on a TCP socket sees begins with the TCP header, where byte 13 holds
 * the flags (RFC 9293, 3.1).
 *
 * @see <a href="https://docs.kernel.org/networking/filter.html">Linux socket
 * filtering</a>
 */
final class SynFilter {

	private static final int FLAGS_OFFSET = 13;

	private static final int SYN = 0x02;

	private static final int SYN_OR_ACK = 0x12;

	private static final int LOAD_BYTE = 0x30;

	private static final int AND = 0x54;

	private static final int JUMP_IF_EQUAL = 0x15;

	private static final int RETURN = 0x06;

	/** code, jump if true, jump if false, operand. */
	private static final int[][] PROGRAM = { { LOAD_BYTE, 0, 0, FLAGS_OFFSET }, { AND, 0, 0, SYN_OR_ACK },
			{ JUMP_IF_EQUAL, 0, 1, SYN }, { RETURN, 0, 0, 0 }, { RETURN, 0, 0, -1 } };

	private static final int INSTRUCTION_SIZE = 8;

	private static final int PROGRAM_SIZE = 16;

	// Held: the structure points to it.
	private final Pointer instructions;

	private final Pointer program;

	SynFilter(Native system) {
		this.instructions = system.memory(PROGRAM.length * INSTRUCTION_SIZE);
		for (int i = 0; i < PROGRAM.length; i++) {
			int offset = i * INSTRUCTION_SIZE;
			this.instructions.putShort(offset, (short) PROGRAM[i][0]);
			this.instructions.putByte(offset + 2, (byte) PROGRAM[i][1]);
			this.instructions.putByte(offset + 3, (byte) PROGRAM[i][2]);
			this.instructions.putInt(offset + 4, PROGRAM[i][3]);
		}
		this.program = system.memory(PROGRAM_SIZE);
		this.program.putShort(0, (short) PROGRAM.length);
		this.program.putPointer(8, this.instructions);
	}

	/** A sock_fprog. */
	Pointer program() {
		return this.program;
	}

	int programSize() {
		return PROGRAM_SIZE;
	}

}
