package io.gozd.directive;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads who may connect to a Unix socket: octal digits as chmod(1) takes them, or letters
 * as ls(1) shows them.
 */
final class FileMode {

	private static final Pattern LETTERS = Pattern.compile("([r-][w-][x-]){3}");

	private static final Pattern OCTAL = Pattern.compile("(0[oO])?[0-7]+");

	private static final int ALL = 0777;

	private static final int RADIX = 8;

	private FileMode() {
	}

	/**
	 * Read a mode.
	 * @param value text, or a number: what YAML makes of {@code 0660} is 432
	 * @return the mode
	 * @throws InvalidValueException if it is none
	 */
	static Set<PosixFilePermission> parse(Object value) throws InvalidValueException {
		String text = value.toString().strip();
		if (LETTERS.matcher(text).matches()) {
			return PosixFilePermissions.fromString(text);
		}
		if (value instanceof Number number) {
			return parse(number.longValue());
		}
		if (!OCTAL.matcher(text).matches()) {
			throw new InvalidValueException("That is no file mode", "Write one such as 0660 or rw-rw----");
		}
		String digits = text.replaceFirst("^0[oO]", "");
		return of((digits.length() <= Long.SIZE / RADIX) ? Long.parseLong(digits, RADIX) : Long.MAX_VALUE,
				"Write one such as 0660 or rw-rw----");
	}

	private static Set<PosixFilePermission> parse(long number) throws InvalidValueException {
		String digits = Long.toString(number);
		boolean forgotten = OCTAL.matcher(digits).matches() && digits.length() <= 3;
		return of(number,
				forgotten ? "Write 0" + digits + ": without the leading zero YAML takes it for a decimal number"
						: "Write one such as 0660 or rw-rw----");
	}

	private static Set<PosixFilePermission> of(long bits, String remedy) throws InvalidValueException {
		if (bits < 0 || bits > ALL) {
			boolean written = bits > ALL && bits < Integer.MAX_VALUE;
			throw new InvalidValueException(
					"A file mode is from 0 to 0777" + (written ? ", and this is 0" + Long.toOctalString(bits) : ""),
					remedy);
		}
		Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
		PosixFilePermission[] permissions = PosixFilePermission.values();
		for (PosixFilePermission permission : permissions) {
			// They are declared from OWNER_READ, the highest bit, to OTHERS_EXECUTE.
			if ((bits >> (permissions.length - 1 - permission.ordinal()) & 1) == 1) {
				mode.add(permission);
			}
		}
		return mode;
	}

}
