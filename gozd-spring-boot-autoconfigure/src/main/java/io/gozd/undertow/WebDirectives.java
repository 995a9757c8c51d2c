package io.gozd.undertow;

import java.util.List;
import java.util.function.Function;

import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import org.jspecify.annotations.Nullable;

/**
 * The directives that an Undertow serves.
 *
 * @param directives where their listeners are
 * @param first the directive of the first listener, or null where that is implied
 * @param others the directives that need listeners of their own
 * @param tls finds the TLS of a directive of HTTPS
 */
public record WebDirectives(Directives directives, @Nullable Directive first, List<Directive> others,
		Function<Directive, Tls> tls) {

}
