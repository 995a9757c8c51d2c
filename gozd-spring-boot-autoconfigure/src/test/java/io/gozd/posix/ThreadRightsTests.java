package io.gozd.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * With files as the kernel writes them, below another directory.
 */
final class ThreadRightsTests {

	private static final Account WWW = new Account("www", 33, 34, List.of(34L, 100L), null);

	private static final String STATUS = """
			Name:	java
			Uid:	33	33	33	33
			Gid:	34	34	34	34
			Groups:	34 100\s
			CapInh:	0000000000000000
			CapPrm:	0000000000000000
			CapEff:	0000000000000000
			CapBnd:	000001ffffffffff
			CapAmb:	0000000000000000
			""";

	@TempDir
	private Path tasks;

	@Test
	void threadsThatAreAllThatUserAreRight() throws IOException {
		thread(1, STATUS);
		thread(2, STATUS);
		new ThreadRights(this.tasks).check(WWW);
	}

	@Test
	void aThreadThatHasEndedIsNoFailure() throws IOException {
		Files.createDirectory(this.tasks.resolve("1"));
		new ThreadRights(this.tasks).check(WWW);
	}

	@ParameterizedTest
	@CsvSource({ "Uid:	33	33	33	33, Uid:	33	33	0	33, Uid",
			"Uid:	33	33	33	33, Uid:	33	0	33	33, Uid", "Gid:	34	34	34	34, Gid:	0	34	34	34, Gid",
			"Groups:	34 100, Groups:	0 34 100, Groups", "Groups:	34 100, Groups:	34, Groups",
			"CapPrm:	0000000000000000, CapPrm:	0000000000000400, CapPrm",
			"CapEff:	0000000000000000, CapEff:	0000000000000400, CapEff",
			"CapAmb:	0000000000000000, CapAmb:	0000000000000400, CapAmb" })
	void oneThreadThatKeepsSomethingIsSaid(String right, String wrong, String key) throws IOException {
		thread(1, STATUS);
		thread(2, STATUS.replace(right, wrong));
		assertThatIOException().isThrownBy(() -> new ThreadRights(this.tasks).check(WWW))
			.withMessageContaining("thread 2")
			.withMessageContaining(key);
	}

	private void thread(int id, String status) throws IOException {
		Path directory = Files.createDirectory(this.tasks.resolve(Integer.toString(id)));
		Files.writeString(directory.resolve("status"), status);
	}

}
