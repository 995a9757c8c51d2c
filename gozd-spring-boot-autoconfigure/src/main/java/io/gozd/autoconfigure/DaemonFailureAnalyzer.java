package io.gozd.autoconfigure;

import io.gozd.daemon.DaemonException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells people why the daemon can't start, and the way out.
 */
final class DaemonFailureAnalyzer extends AbstractFailureAnalyzer<DaemonException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DaemonException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
