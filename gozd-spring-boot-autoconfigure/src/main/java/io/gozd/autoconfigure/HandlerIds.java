package io.gozd.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.gozd.daemon.DaemonException;
import io.gozd.tcp.HandlesDirective;
import io.gozd.tcp.TcpHandler;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Which handlers of raw TCP there are, and which directives they claim.
 */
final class HandlerIds {

	private HandlerIds() {
	}

	/**
	 * Find the handlers of an application, without making them.
	 * @param beanFactory where their definitions are
	 * @return the names of the beans, by the ids of directives that they claim
	 * @throws DaemonException if a handler claims nothing, or two claim the same
	 */
	static Map<String, String> of(ListableBeanFactory beanFactory) {
		Map<String, String> handlers = new LinkedHashMap<>();
		for (String name : beanFactory.getBeanNamesForType(TcpHandler.class, true, false)) {
			if (ScopedProxyUtils.isScopedTarget(name)) {
				continue;
			}
			for (String id : claims(beanFactory, name)) {
				String other = handlers.put(id, name);
				if (other != null && !other.equals(name)) {
					throw new DaemonException(
							"The handlers '" + other + "' and '" + name + "' both claim gozd.directives." + id,
							"Take the id out of @HandlesDirective on one of them");
				}
			}
		}
		return handlers;
	}

	private static String[] claims(ListableBeanFactory beanFactory, String name) {
		// A proxy does not say what its target says.
		String target = ScopedProxyUtils.getTargetBeanName(name);
		HandlesDirective annotation = beanFactory.findAnnotationOnBean(
				beanFactory.containsBeanDefinition(target) ? target : name, HandlesDirective.class, false);
		if (annotation == null || annotation.value().length == 0) {
			throw new DaemonException("The handler '" + name + "' claims no directive",
					"Put @HandlesDirective with the ids of directives on its class, or on the method that makes it");
		}
		return annotation.value();
	}

}
