package io.gozd.boot;

import io.gozd.daemon.Application;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.ReadinessState;

/**
 * The readiness of the daemon, as it is told to the outside: a generation that drains
 * because a successor serves still answers on connections that it has, and whoever asks
 * there for its health asks for that of the daemon.
 */
public final class DaemonReadiness implements ApplicationAvailability {

	private final ApplicationAvailability process;

	private final Application application;

	/**
	 * Create it.
	 * @param process the readiness of this process
	 * @param application tells whether another one serves
	 */
	public DaemonReadiness(ApplicationAvailability process, Application application) {
		this.process = process;
		this.application = application;
	}

	@Override
	public <S extends AvailabilityState> S getState(Class<S> stateType, S defaultState) {
		return ofDaemon(stateType, this.process.getState(stateType, defaultState));
	}

	@Override
	public <S extends AvailabilityState> @Nullable S getState(Class<S> stateType) {
		S state = this.process.getState(stateType);
		return (state != null) ? ofDaemon(stateType, state) : null;
	}

	private <S extends AvailabilityState> S ofDaemon(Class<S> stateType, S state) {
		return (state == ReadinessState.REFUSING_TRAFFIC && this.application.isServedElsewhere())
				? stateType.cast(ReadinessState.ACCEPTING_TRAFFIC) : state;
	}

	@Override
	public <S extends AvailabilityState> @Nullable AvailabilityChangeEvent<S> getLastChangeEvent(Class<S> stateType) {
		return this.process.getLastChangeEvent(stateType);
	}

}
