package io.gozd.tomcat;

import java.nio.file.Path;
import java.util.List;

import io.gozd.listener.InheritedListener;
import io.gozd.server.DrainContract;
import io.gozd.server.Script;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class TomcatEndpointTests extends DrainContract<EmbeddedTomcat> {

	@Override
	protected EmbeddedTomcat create(Script script, Path directory, List<InheritedListener> inheritance) {
		return EmbeddedTomcat.of(script, directory, inheritance);
	}

	@Test
	void itIsCalledAsTomcatCallsIt() {
		assertThat(server().endpoint().name()).startsWith("http-nio-127.0.0.1-");
	}

}
