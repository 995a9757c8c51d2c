package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

import org.jspecify.annotations.Nullable;

/**
 * What tells a file that was replaced from one that was overwritten.
 *
 * @param key its inode
 * @param size its size in bytes
 * @param modified when it was last written
 */
record FileStamp(@Nullable Object key, long size, FileTime modified) {

	static FileStamp of(Path file) throws IOException {
		BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
		return new FileStamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
	}

	/** Whether this is the same file as an earlier one, with other contents. */
	boolean overwrites(FileStamp earlier) {
		return this.key != null && this.key.equals(earlier.key) && !equals(earlier);
	}

}
