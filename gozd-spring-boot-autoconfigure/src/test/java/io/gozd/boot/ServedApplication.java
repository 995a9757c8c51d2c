package io.gozd.boot;

import io.gozd.daemon.Application;

/**
 * An application of which nothing is known but whether a successor serves.
 *
 * @param isServedElsewhere whether it does
 */
public record ServedApplication(boolean isServedElsewhere) implements Application {

	@Override
	public void publish(Object event) {
	}

	@Override
	public void readiness(boolean accepting, boolean elsewhere) {
	}

	@Override
	public void addObstacle(String reason) {
	}

	@Override
	public String obstacle() {
		return "";
	}

	@Override
	public String version() {
		return "";
	}

	@Override
	public void close(boolean patient) {
	}

}
