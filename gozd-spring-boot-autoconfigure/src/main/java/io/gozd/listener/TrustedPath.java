package io.gozd.listener;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Tells whether root may use a path by its name: nobody else may be able to put a link,
 * or another file, where one of its folders was.
 */
public final class TrustedPath {

	private static final int TYPE_MASK = 0170000;

	private static final int LINK = 0120000;

	private static final int WRITABLE_BY_OTHERS = 0022;

	/** Who owns a file in such a folder is the only one who can replace it. */
	private static final int STICKY = 01000;

	private TrustedPath() {
	}

	/**
	 * Return whether only root can change where a folder leads, and what is in it.
	 * @param folder an absolute path that exists
	 * @return whether it is root's alone, and nobody else can replace a folder on the way
	 * @throws IOException if it can't be looked at
	 */
	public static boolean isRootsAlone(Path folder) throws IOException {
		return isRootsAndClosed(folder.toRealPath()) && leadsWhereRootWants(folder);
	}

	/**
	 * Return whether only root can change where a folder leads.
	 * @param folder an absolute path that exists
	 * @return whether each folder on the way is root's; others may have files of their
	 * own in it
	 * @throws IOException if it can't be looked at
	 */
	public static boolean leadsWhereRootWants(Path folder) throws IOException {
		return isEachRoots(folder) && isEachRoots(folder.toRealPath());
	}

	private static boolean isRootsAndClosed(Path folder) throws IOException {
		int mode = (Integer) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS);
		return (mode & WRITABLE_BY_OTHERS) == 0 && owner(folder) == 0;
	}

	private static boolean isEachRoots(Path folder) throws IOException {
		for (Path each = folder; each != null; each = each.getParent()) {
			int mode = (Integer) Files.getAttribute(each, "unix:mode", LinkOption.NOFOLLOW_LINKS);
			boolean link = (mode & TYPE_MASK) == LINK;
			boolean open = !link && (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0;
			if (open || owner(each) != 0) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return whose a file is.
	 * @param file the file, or the link itself where it is one
	 * @return the number of its user
	 * @throws IOException if it can't be looked at
	 */
	public static long owner(Path file) throws IOException {
		return ((Number) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)).longValue();
	}

	/**
	 * Return the closest folder above that exists.
	 * @param path a path that need not exist
	 * @return the folder
	 */
	public static Path existingParent(Path path) {
		Path parent = path.toAbsolutePath().getParent();
		while (parent != null && Files.notExists(parent, LinkOption.NOFOLLOW_LINKS)) {
			parent = parent.getParent();
		}
		return (parent != null) ? parent : Path.of("/");
	}

}
