package io.gozd.listener;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Whom files are to belong to.
 *
 * @param uid the user
 * @param gid the group
 */
public record FileOwner(long uid, long gid) {

	/**
	 * Give a file away, which needs root. No link is followed.
	 * @param file a file that nobody else can have replaced
	 * @throws IOException if this user may not
	 */
	public void own(Path file) throws IOException {
		Files.setAttribute(file, "unix:gid", (int) this.gid, LinkOption.NOFOLLOW_LINKS);
		Files.setAttribute(file, "unix:uid", (int) this.uid, LinkOption.NOFOLLOW_LINKS);
	}

}
