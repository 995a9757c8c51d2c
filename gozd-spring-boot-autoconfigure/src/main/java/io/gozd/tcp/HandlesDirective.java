package io.gozd.tcp;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which directives a {@link TcpHandler} serves: on its class, or on the bean method
 * that makes it. One that is not configured is no mistake, since a reload may take it
 * away; two handlers of one directive are.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD })
public @interface HandlesDirective {

	/**
	 * Return the directives.
	 * @return their ids, the names under {@code gozd.directives}; at least one
	 */
	String[] value();

}
