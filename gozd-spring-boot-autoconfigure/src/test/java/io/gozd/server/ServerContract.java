package io.gozd.server;

import java.nio.file.Path;
import java.util.List;

import io.gozd.listener.InheritedListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A part of what every server does, with the server on which it is tried.
 *
 * @param <S> the server
 */
public abstract class ServerContract<S extends EmbeddedServer<S>> {

	private final Script script = Script.of("first");

	@TempDir
	private Path directory;

	private S server;

	/**
	 * Make a server, for an application that answers at {@code /}, {@code /stream},
	 * {@code /slow}, {@code /committed}, {@code /async} and {@code /upgrade}.
	 */
	protected abstract S create(Script script, Path directory, List<InheritedListener> inheritance);

	@BeforeEach
	final void create() {
		this.server = create(this.script, this.directory, List.of());
	}

	@AfterEach
	final void close() {
		this.script.goOn().countDown();
		this.server.close();
	}

	protected final S server() {
		return this.server;
	}

	protected final Script script() {
		return this.script;
	}

	protected final Path directory() {
		return this.directory;
	}

}
