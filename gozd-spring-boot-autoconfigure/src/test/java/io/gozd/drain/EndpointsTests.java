package io.gozd.drain;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class EndpointsTests {

	private final Endpoints endpoints = new Endpoints();

	private final FakeEndpoint endpoint = new FakeEndpoint(2);

	@Test
	void whatJoinsBeforeTheGatesOpenWaits() {
		this.endpoints.add(this.endpoint);
		assertThat(this.endpoint.calls()).isEmpty();
		this.endpoints.open();
		assertThat(this.endpoint.calls()).containsExactly("accept");
	}

	@Test
	void whatJoinsWhileTheGatesAreOpenAcceptsAtOnce() {
		this.endpoints.open();
		this.endpoints.add(this.endpoint);
		assertThat(this.endpoint.calls()).containsExactly("accept");
	}

	@Test
	void whatJoinsAfterTheGatesWereShutWaits() {
		this.endpoints.open();
		this.endpoints.stopAccepting();
		this.endpoints.add(this.endpoint);
		assertThat(this.endpoint.calls()).isEmpty();
	}

	@Test
	void gatesCanBeShutAndOpenedAgain() {
		this.endpoints.add(this.endpoint);
		this.endpoints.open();
		this.endpoints.stopAccepting();
		this.endpoints.open();
		assertThat(this.endpoint.calls()).containsExactly("accept", "stopAccepting", "accept");
	}

	@Test
	void whatHasLeftIsNeitherToldNorCounted() {
		FakeEndpoint other = new FakeEndpoint(3);
		this.endpoints.add(this.endpoint);
		this.endpoints.add(other);
		assertThat(this.endpoints.openConnections()).isEqualTo(5);
		this.endpoints.remove(this.endpoint);
		this.endpoints.open();
		assertThat(this.endpoints.openConnections()).isEqualTo(3);
		assertThat(this.endpoint.calls()).isEmpty();
	}

}
