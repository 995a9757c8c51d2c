package io.gozd.drain;

/**
 * Where a stream of server-sent events may end: between two of them, which is behind an
 * empty line, and behind a comment that follows one (HTML standard, 9.2.5). Lines end
 * with LF, CR or CR LF. Not thread safe.
 */
public final class EventBoundary {

	private int last;

	private boolean lineIsEmpty = true;

	private boolean inEvent;

	private boolean crLf;

	/**
	 * Take note of what is written.
	 * @param next a byte of UTF-8 or a character
	 */
	public void next(int next) {
		boolean secondHalf = next == '\n' && this.last == '\r';
		if (next == '\r' || (next == '\n' && !secondHalf)) {
			this.inEvent = this.inEvent && !this.lineIsEmpty;
			this.lineIsEmpty = true;
		}
		else if (!secondHalf && this.lineIsEmpty) {
			this.lineIsEmpty = false;
			this.inEvent = this.inEvent || next != ':';
		}
		if (next == '\n' || this.last == '\r') {
			this.crLf = secondHalf;
		}
		this.last = next;
	}

	/**
	 * Return whether every event is whole.
	 * @return true between two events, and before the first
	 */
	public boolean isBetweenEvents() {
		// Where lines end with CR LF the LF is still to come.
		boolean halfEnd = this.last == '\r' && this.crLf;
		return this.lineIsEmpty && !this.inEvent && !halfEnd;
	}

}
