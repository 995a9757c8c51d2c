package io.gozd.drain;

import java.util.List;

import io.gozd.listener.ListenerKey;
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
		this.endpoints.stopAccepting((key) -> true);
		this.endpoints.add(this.endpoint);
		assertThat(this.endpoint.calls()).isEmpty();
	}

	@Test
	void gatesCanBeShutAndOpenedAgain() {
		this.endpoints.add(this.endpoint);
		this.endpoints.open();
		this.endpoints.stopAccepting((key) -> true);
		this.endpoints.open();
		assertThat(this.endpoint.calls()).containsExactly("accept", "stopAccepting", "accept");
	}

	@Test
	void whatNobodyElseAcceptsFromGoesOnAccepting() {
		FakeEndpoint adopted = new FakeEndpoint(0, new ListenerKey("tcp:*:80"));
		FakeEndpoint dropped = new FakeEndpoint(0, new ListenerKey("tcp:*:81"));
		FakeEndpoint alsoDropped = new FakeEndpoint(0, new ListenerKey("unix:/run/s"));
		List.of(adopted, dropped, this.endpoint, alsoDropped).forEach(this.endpoints::add);
		this.endpoints.open();
		assertThat(this.endpoints.stopAccepting((key) -> key.value().endsWith("80"))).containsExactly(dropped,
				alsoDropped);
		assertThat(adopted.calls()).containsExactly("accept", "stopAccepting");
		assertThat(this.endpoint.calls()).as("it has no listener any more").containsExactly("accept", "stopAccepting");
		assertThat(dropped.calls()).containsExactly("accept");
		assertThat(alsoDropped.calls()).containsExactly("accept");
	}

	@Test
	void whatJoinsWaitsAlsoWhereSomethingGoesOnAccepting() {
		FakeEndpoint dropped = new FakeEndpoint(0, new ListenerKey("tcp:*:81"));
		this.endpoints.add(dropped);
		this.endpoints.open();
		this.endpoints.stopAccepting((key) -> false);
		this.endpoints.add(this.endpoint);
		assertThat(this.endpoint.calls()).isEmpty();
		this.endpoints.open();
		assertThat(this.endpoint.calls()).containsExactly("accept");
		assertThat(dropped.calls()).containsExactly("accept", "accept");
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
