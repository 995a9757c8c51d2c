package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.gozd.handover.Successor;
import io.gozd.handover.SuccessorActions;
import io.gozd.posix.Posix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.ArgumentMatchers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

final class IncumbentLinkTests {

	private static final int LIMIT_MILLIS = 20_000;

	/** No process has this pid: the incumbent is dead. */
	private static final long DEAD = Integer.MAX_VALUE;

	@TempDir
	private Path directory;

	private final SuccessorActions actions = mock(SuccessorActions.class);

	private final Posix posix = mock(Posix.class);

	@Test
	void whoseIncumbentHasCrashedGoesOnAlone() throws IOException {
		Path socket = Files.createFile(this.directory.resolve("1-" + DEAD + ".sock"));
		IncumbentLink link = open(socket);
		verify(this.actions, timeout(LIMIT_MILLIS)).goAlone();
		verify(this.actions, never()).end(ArgumentMatchers.anyString());
		assertThat(link.heritage().listeners()).isEmpty();
	}

	/** As gozd.command=kill does it, which can't see who is just being started. */
	@Test
	void whoseIncumbentWasKilledWithItsControlSocketEnds() throws IOException {
		open(this.directory.resolve("1-" + DEAD + ".sock"));
		verify(this.actions, timeout(LIMIT_MILLIS)).end(ArgumentMatchers.contains("was killed"));
		verify(this.actions, never()).goAlone();
	}

	private IncumbentLink open(Path socket) throws IOException {
		given(this.posix.connect(socket)).willThrow(new IOException("Nobody listens"));
		IncumbentLink link = new IncumbentLink(new HandoverAddress(DEAD, 2, socket), () -> this.posix, new Loop(),
				new Faults(null, 2));
		link.open();
		link.attach(new Successor(this.actions));
		return link;
	}

}
