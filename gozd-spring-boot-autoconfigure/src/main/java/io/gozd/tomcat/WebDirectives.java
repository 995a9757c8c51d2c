package io.gozd.tomcat;

import java.util.List;
import java.util.function.BiConsumer;

import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;

/**
 * The directives that a Tomcat serves.
 *
 * @param directives where their listeners are
 * @param first the directive of the first connector, or null where that is implied
 * @param others the directives that need connectors of their own
 * @param customizer gives a new connector what the first one has
 */
public record WebDirectives(Directives directives, @Nullable Directive first, List<Directive> others,
		BiConsumer<Object, Directive> customizer) {

	void customize(Connector connector, Directive directive) {
		this.customizer.accept(connector, directive);
	}

}
