package io.gozd.drain;

/** Why a generation drains. */
public enum DrainCause {

	/** A successor accepts: the listeners live on. */
	HANDOVER,

	/** The daemon ends, without breaking a connection. */
	TERMINATE,

	/** The daemon ends soon: idle connections are closed. */
	INTERRUPT

}
