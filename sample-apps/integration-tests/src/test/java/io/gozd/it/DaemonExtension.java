package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test its {@link Daemons}, and keeps their output where the test has failed.
 */
final class DaemonExtension implements ParameterResolver, AfterEachCallback {

	private static final Namespace NAMESPACE = Namespace.create(DaemonExtension.class);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == Daemons.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return context.getStore(NAMESPACE)
			.getOrComputeIfAbsent(Daemons.class, (key) -> new Daemons(SuiteSettings.fromSystemProperties()),
					Daemons.class);
	}

	@Override
	public void afterEach(ExtensionContext context) throws IOException {
		Daemons daemons = context.getStore(NAMESPACE).remove(Daemons.class, Daemons.class);
		if (daemons == null) {
			return;
		}
		try (daemons) {
			if (context.getExecutionException().isPresent()) {
				Path kept = Path.of("target", "daemon-output");
				Files.createDirectories(kept);
				String name = context.getRequiredTestClass().getSimpleName() + "."
						+ context.getRequiredTestMethod().getName() + "." + context.getDisplayName();
				Files.writeString(kept.resolve(name.replaceAll("[^\\w.]+", "_") + ".log"), daemons.outputs());
			}
		}
	}

}
