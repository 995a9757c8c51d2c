package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A symbolic link to what an operator deploys.
 *
 * @param path where it is
 */
record Link(Path path) {

	/**
	 * Lets it lead elsewhere, without a moment at which it leads nowhere.
	 */
	void flipTo(Path target) throws IOException {
		Path flipped = this.path.resolveSibling("flipped");
		Files.createSymbolicLink(flipped, target);
		Files.move(flipped, this.path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}
