package io.gozd.posix;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A user as a process runs as one (credentials(7)).
 *
 * @param name the name, or the number where it has none
 * @param uid the number
 * @param gid the number of the primary group
 * @param groups the numbers of all groups, the primary one among them
 * @param home the home directory, or null where none is known
 */
public record Account(String name, long uid, long gid, List<Long> groups, @Nullable Path home) {
}
