package io.gozd.directive;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The directives can't be opened as they are configured: says everything that is wrong,
 * each fault in a line of its own. Nothing is left open.
 */
public final class DirectivesException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<Fault> faults;

	DirectivesException(List<Fault> faults) {
		super(message(faults));
		this.faults = List.copyOf(faults);
	}

	private static String message(List<Fault> faults) {
		return ((faults.size() == 1) ? "There is a fault" : "There are " + faults.size() + " faults")
				+ " in gozd.directives:\n"
				+ faults.stream().map((fault) -> "  " + fault).collect(Collectors.joining("\n"));
	}

	/**
	 * Return what is wrong.
	 * @return all faults, in the order of the configuration; at least one
	 */
	public List<Fault> faults() {
		return this.faults;
	}

}
