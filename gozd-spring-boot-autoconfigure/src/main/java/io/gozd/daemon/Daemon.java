package io.gozd.daemon;

/**
 * The daemon that this process is a generation of. A bean of this type is there where the
 * process can be replaced while it serves; where the starter stands aside, there is none.
 */
public interface Daemon {

	/**
	 * Return the name of the daemon, the same in every generation.
	 * @return {@code gozd.name}, or what stands for it
	 */
	String name();

	/**
	 * Return the number of this process among the processes of the daemon.
	 * @return 1 for the first
	 */
	int generation();

}
