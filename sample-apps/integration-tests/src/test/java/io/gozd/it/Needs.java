package io.gozd.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What the server of the jar under test must do for a test, which is skipped with the
 * reason where it does not.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Needs.Condition.class)
@interface Needs {

	ServerTrait[] value();

	final class Condition implements ExecutionCondition {

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			Optional<Needs> needs = AnnotationSupport.findAnnotation(context.getElement(), Needs.class);
			if (needs.isEmpty()) {
				return ConditionEvaluationResult.enabled("Any server will do");
			}
			Server server = new DaemonJar(SuiteSettings.fromSystemProperties().jar()).server();
			return Stream.of(needs.get().value())
				.filter((trait) -> !server.has(trait))
				.findFirst()
				.map((trait) -> ConditionEvaluationResult.disabled(server + " " + trait.lack()))
				.orElseGet(() -> ConditionEvaluationResult.enabled(server + " has what is needed"));
		}

	}

}
