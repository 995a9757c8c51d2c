package io.gozd.daemon;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * What the configuration says of the process itself, whatever application is in it.
 *
 * @param user the user to become, by name or number; null to stay what it is
 * @param group the primary group, by name or number; null for the user's own
 * @param softFiles how many files may be open; null for as many as the hard limit
 * @param hardFiles up to where that can be raised; null to leave it
 * @param logfile where stdout and stderr go; null to leave them
 * @param resident whether the first process stays when its drain is over; null where only
 * pid 1 does
 */
public record ProcessSettings(@Nullable String user, @Nullable String group, @Nullable Long softFiles,
		@Nullable Long hardFiles, @Nullable Path logfile, @Nullable Boolean resident) {

	/**
	 * Return whether nothing is to be done.
	 * @return whether nothing is configured
	 */
	public boolean isEmpty() {
		return this.user == null && this.group == null && this.softFiles == null && this.hardFiles == null
				&& this.logfile == null && this.resident == null;
	}

}
