package io.gozd.directive;

import java.util.Set;

/**
 * Knows which directives are claimed by handlers of raw TCP: those need not say that
 * their protocol is {@code tcp}. A bean, asked once, before any listener is open.
 */
@FunctionalInterface
public interface ClaimedIds {

	/**
	 * Return what is claimed.
	 * @return the ids of directives, which need not exist
	 */
	Set<String> get();

}
