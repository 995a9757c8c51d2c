package benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * One figure, measured as often for one variant as for the other.
 */
final class Samples {

	private final Map<Variant, List<Double>> values = new EnumMap<>(Variant.class);

	void add(Variant variant, double value) {
		this.values.computeIfAbsent(variant, (key) -> new ArrayList<>()).add(value);
	}

	double median(Variant variant) {
		return median(this.values.get(variant));
	}

	double min(Variant variant) {
		return Collections.min(this.values.get(variant));
	}

	double max(Variant variant) {
		return Collections.max(this.values.get(variant));
	}

	/**
	 * The median of what is made of the two values of each round.
	 */
	double medianOfPairs(DoubleBinaryOperator withAndWithout) {
		return median(pairs(withAndWithout));
	}

	/**
	 * The ratio of the two values of each round: the median, and what it lies between.
	 * @param digits how many behind the point
	 */
	String ratio(int digits) {
		List<Double> ratios = pairs((with, without) -> with / without);
		String number = "%." + digits + "f";
		return String.format(Locale.ROOT, number + " (" + number + " to " + number + ")", median(ratios),
				Collections.min(ratios), Collections.max(ratios));
	}

	private List<Double> pairs(DoubleBinaryOperator withAndWithout) {
		List<Double> with = this.values.get(Variant.WITH);
		List<Double> without = this.values.get(Variant.WITHOUT);
		List<Double> pairs = new ArrayList<>();
		for (int i = 0; i < with.size(); i++) {
			pairs.add(withAndWithout.applyAsDouble(with.get(i), without.get(i)));
		}
		return pairs;
	}

	/**
	 * A row of a table: both medians with what they lie between, and what the starter
	 * adds.
	 */
	String addedRow(String name) {
		return String.format(Locale.ROOT, "| %s | %s | %s | %.1f |%n", name, cell(Variant.WITHOUT), cell(Variant.WITH),
				median(Variant.WITH) - median(Variant.WITHOUT));
	}

	private String cell(Variant variant) {
		return String.format(Locale.ROOT, "%.1f (%.1f to %.1f)", median(variant), min(variant), max(variant));
	}

	static double median(List<Double> values) {
		List<Double> sorted = values.stream().sorted().toList();
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

}
