package io.gozd.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

import io.gozd.directive.DirectivesException;
import io.gozd.directive.Fault;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells people everything that is wrong with their directives, and each way out.
 */
final class DirectivesFailureAnalyzer extends AbstractFailureAnalyzer<DirectivesException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DirectivesException cause) {
		List<Fault> faults = cause.faults();
		String description = faults.stream()
			.map(DirectivesFailureAnalyzer::describe)
			.collect(Collectors.joining("\n\n", "The directives can't be opened as they are configured:\n\n", ""));
		String action = faults.stream()
			.map((fault) -> "    " + fault.property() + ": " + fault.remedy() + ".")
			.collect(Collectors.joining("\n", "Change the configuration:\n\n", ""));
		return new FailureAnalysis(description, action, cause);
	}

	private static String describe(Fault fault) {
		StringBuilder text = new StringBuilder("    Property: ").append(fault.property());
		if (fault.value() != null) {
			text.append("\n    Value: \"").append(fault.value()).append("\"");
		}
		if (fault.origin() != null) {
			text.append("\n    Origin: ").append(fault.origin());
		}
		return text.append("\n    Reason: ").append(fault.description()).toString();
	}

}
