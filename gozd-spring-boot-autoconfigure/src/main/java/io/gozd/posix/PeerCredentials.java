package io.gozd.posix;

/**
 * Who is at the other end of a Unix socket (SO_PEERCRED, unix(7)).
 *
 * @param pid the process that connected, as this process's pid namespace numbers it
 * @param uid its effective user
 * @param gid its effective group
 */
public record PeerCredentials(long pid, long uid, long gid) {

}
