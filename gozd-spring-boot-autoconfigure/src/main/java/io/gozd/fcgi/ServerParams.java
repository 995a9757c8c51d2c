package io.gozd.fcgi;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The parameters that a web server has sent with a request, such as
 * {@code SCRIPT_FILENAME} or what its {@code fastcgi_param} adds: an unmodifiable map in
 * the order of the web server, with bytes read as UTF-8. A header that was sent twice has
 * its values joined as HTTP says; of anything else the last value counts. A request that
 * came by FastCGI has it as the attribute {@link #ATTRIBUTE}; it stays as it is when the
 * request has ended. Thread safe.
 */
public final class ServerParams extends AbstractMap<String, String> {

	/** The name of the request attribute. */
	public static final String ATTRIBUTE = "io.gozd.fcgi.params";

	private final Params params;

	private volatile @Nullable Map<String, String> decoded;

	/**
	 * Create a map; it is made when it is first asked for anything.
	 * @param params what was sent
	 */
	public ServerParams(Params params) {
		this.params = params;
	}

	@Override
	public Set<Entry<String, String>> entrySet() {
		return decoded().entrySet();
	}

	@Override
	public boolean containsKey(@Nullable Object key) {
		return decoded().containsKey(key);
	}

	@Override
	public @Nullable String get(@Nullable Object key) {
		return decoded().get(key);
	}

	private Map<String, String> decoded() {
		Map<String, String> decoded = this.decoded;
		if (decoded == null) {
			decoded = Collections.unmodifiableMap(decode());
			this.decoded = decoded;
		}
		return decoded;
	}

	private Map<String, String> decode() {
		Map<String, String> decoded = new LinkedHashMap<>();
		for (int i = 0; i < this.params.size(); i++) {
			String name = this.params.nameText(i);
			String value = this.params.valueText(i);
			if (name.startsWith("HTTP_")) {
				String separator = name.equals("HTTP_COOKIE") ? "; " : ", ";
				decoded.merge(name, value, (first, next) -> first + separator + next);
			}
			else {
				decoded.put(name, value);
			}
		}
		return decoded;
	}

}
