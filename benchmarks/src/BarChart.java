package benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Bars side by side in several panels, as an SVG image. Each panel has its own scale,
 * except that logarithmic ones share theirs.
 */
final class BarChart {

	/** Okabe and Ito's, which colour-blind people can tell apart. */
	private static final List<String> COLOURS = List.of("#0072B2", "#56B4E9", "#009E73", "#E69F00", "#999999",
			"#CC79A7");

	private static final int COLUMNS = 4;

	private static final int WIDTH = 250;

	private static final int HEIGHT = 190;

	private static final int LEFT = 48;

	private static final int TOP = 70;

	private static final int BOTTOM = 50;

	private final String title;

	private final List<String> series;

	private final boolean logarithmic;

	private final List<Panel> panels = new ArrayList<>();

	BarChart(String title, List<String> series, boolean logarithmic) {
		this.title = title;
		this.series = List.copyOf(series);
		this.logarithmic = logarithmic;
	}

	/**
	 * Adds a panel.
	 * @param values for each group one of each series
	 */
	void panel(String title, List<String> groups, List<List<Double>> values) {
		this.panels.add(new Panel(title, groups, values));
	}

	String svg() {
		int rows = (this.panels.size() + COLUMNS - 1) / COLUMNS;
		int width = COLUMNS * WIDTH + 20;
		StringBuilder svg = new StringBuilder();
		add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
				+ "font-size=\"11\">", width, TOP + rows * (HEIGHT + BOTTOM));
		add(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
		add(svg, "<text x=\"10\" y=\"22\" font-size=\"15\">%s</text>", escaped(this.title));
		int x = 10;
		for (int i = 0; i < this.series.size(); i++) {
			add(svg, "<rect x=\"%d\" y=\"34\" width=\"11\" height=\"11\" fill=\"%s\"/>", x, COLOURS.get(i));
			add(svg, "<text x=\"%d\" y=\"44\">%s</text>", x + 16, escaped(this.series.get(i)));
			x += 50 + 6 * this.series.get(i).length();
		}
		for (int i = 0; i < this.panels.size(); i++) {
			add(svg, "<g transform=\"translate(%d %d)\">", 10 + i % COLUMNS * WIDTH,
					TOP + i / COLUMNS * (HEIGHT + BOTTOM));
			draw(svg, this.panels.get(i));
			add(svg, "</g>");
		}
		add(svg, "</svg>");
		return svg.toString();
	}

	private void draw(StringBuilder svg, Panel panel) {
		add(svg, "<text x=\"%d\" y=\"0\" font-weight=\"bold\">%s</text>", LEFT, escaped(panel.title()));
		List<Double> ticks = this.logarithmic ? decades() : thirds(panel);
		double bottom = this.logarithmic ? ticks.get(0) : 0;
		double top = ticks.get(ticks.size() - 1);
		for (double tick : ticks) {
			double y = y(tick, bottom, top);
			add(svg, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", LEFT, WIDTH - 8, y, y);
			add(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 4, y + 4, number(tick));
		}
		double group = (double) (WIDTH - 8 - LEFT) / panel.groups().size();
		double bar = group * 0.85 / this.series.size();
		for (int i = 0; i < panel.groups().size(); i++) {
			double left = LEFT + i * group + group * 0.075;
			for (int j = 0; j < this.series.size(); j++) {
				double y = y(Math.max(panel.values().get(i).get(j), bottom), bottom, top);
				add(svg, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", left + j * bar, y,
						bar - 1, HEIGHT - y, COLOURS.get(j));
			}
			add(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", LEFT + (i + 0.5) * group,
					HEIGHT + 14, escaped(panel.groups().get(i)));
		}
	}

	private double y(double value, double bottom, double top) {
		double part = this.logarithmic ? Math.log(value / bottom) / Math.log(top / bottom) : value / top;
		return HEIGHT - part * (HEIGHT - 12);
	}

	private List<Double> decades() {
		double least = all().filter((value) -> value > 0).min().orElse(1);
		double most = all().max().orElse(1);
		List<Double> decades = new ArrayList<>();
		double decade = Math.pow(10, Math.floor(Math.log10(least)));
		decades.add(decade);
		while (decade < most || decades.size() < 2) {
			decade *= 10;
			decades.add(decade);
		}
		return decades;
	}

	private DoubleStream all() {
		return this.panels.stream()
			.flatMap((panel) -> panel.values().stream())
			.flatMap(List::stream)
			.mapToDouble(Double::doubleValue);
	}

	/**
	 * Round steps up to the highest bar.
	 */
	private static List<Double> thirds(Panel panel) {
		double most = panel.values().stream().flatMap(List::stream).mapToDouble(Double::doubleValue).max().orElse(1);
		double unit = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-9))));
		double step = (most / unit < 2) ? unit / 2 : (most / unit < 5) ? unit : 2 * unit;
		List<Double> ticks = new ArrayList<>(List.of(0.0));
		while (ticks.get(ticks.size() - 1) < most) {
			ticks.add(ticks.size() * step);
		}
		return ticks;
	}

	private static String number(double value) {
		return (value >= 1000 && value % 100 == 0) ? String.format(Locale.ROOT, "%sk", plain(value / 1000))
				: plain(value);
	}

	private static String plain(double value) {
		return (value == Math.rint(value)) ? String.format(Locale.ROOT, "%.0f", value) : String.valueOf((float) value);
	}

	private static String escaped(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;");
	}

	private static void add(StringBuilder svg, String format, Object... values) {
		svg.append(String.format(Locale.ROOT, format, values)).append('\n');
	}

	private record Panel(String title, List<String> groups, List<List<Double>> values) {
	}

}
