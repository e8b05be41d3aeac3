package dev.backstep.web.ui.train;

import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.Bins;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Thinned;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;

/** How the numbers of one parameter, or of its gradient, are spread, over time: the darker the more of them. */
final class HistogramPicture implements Picture {
    private static final int ROWS = 40;

    private int parameter;
    private boolean gradients;

    /** Chooses what is shown. */
    void choose(int newParameter, boolean ofGradient) {
        parameter = newParameter;
        gradients = ofGradient;
    }

    @Override
    public String title() {
        return "train.picture.histograms";
    }

    @Override
    public boolean isThere(RunLog run) {
        return !run.histograms().all().isEmpty();
    }

    private Bins bins(RunEvent.Histograms told) {
        List<Bins> all = gradients ? told.gradients() : told.values();
        return parameter < all.size() ? all.get(parameter) : null;
    }

    @Override
    public int rank(RunLog run) {
        return 1;
    }

    @Override
    public String said(RunLog run) {
        Bins last = bins(run.histograms().all().getLast());
        String name = run.started() != null && parameter < run.started().parameters().size()
                ? run.started().parameters().get(parameter) : "";
        return last == null ? Text.of("train.said.noHistogram", name)
                : Text.of(gradients ? "train.said.gradients" : "train.said.weights", name,
                        NumberText.of(last.least()), NumberText.of(last.greatest()));
    }

    @Override
    public Object told(RunLog run) {
        return List.of(run.histograms().all().getLast(), parameter, gradients);
    }

    @Override
    public double height(RunLog run, double width) {
        return Math.max(150, .42 * width);
    }

    @Override
    public void draw(RunLog run, Pen pen, Palette palette, double width, double height) {
        Thinned<RunEvent.Histograms> moments = run.histograms();
        List<RunEvent.Histograms> all = moments.all();
        double[] range = range(all);
        double first = moments.batch(0);
        double last = Math.max(first + 1, moments.batch(all.size() - 1));
        Plot plot = new Plot(new double[] {first, last, range[0], range[1]}, width, height);
        int ground = Palette.rgb(palette.ground());
        int strong = Palette.rgb(gradients ? palette.ofClass(1) : palette.accent());
        int[] colours = new int[all.size() * ROWS];
        for (int column = 0; column < all.size(); column++) {
            double[] spread = spread(bins(all.get(column)), range);
            for (int row = 0; row < ROWS; row++) {
                colours[(ROWS - 1 - row) * all.size() + column] = Palette.mix(ground, strong, Math.sqrt(spread[row]));
            }
        }
        pen.grid(colours, all.size(), plot.left, plot.top, plot.width, plot.height, false);
        plot.axes(pen, palette, Text.of("train.axis.batch"), "");
    }

    private double[] range(List<RunEvent.Histograms> all) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (RunEvent.Histograms told : all) {
            Bins bins = bins(told);
            if (bins != null && Double.isFinite(bins.least()) && Double.isFinite(bins.greatest())) {
                least = Math.min(least, bins.least());
                greatest = Math.max(greatest, bins.greatest());
            }
        }
        return least < greatest ? new double[] {least, greatest}
                : Double.isFinite(least) ? new double[] {least - 1, least + 1} : new double[] {-1, 1};
    }

    /** The counts in the bins of the picture, the most of them 1. */
    private static double[] spread(Bins bins, double[] range) {
        double[] spread = new double[ROWS];
        if (bins == null || bins.counts().length == 0) {
            return spread;
        }
        double step = (range[1] - range[0]) / ROWS;
        double own = (bins.greatest() - bins.least()) / bins.counts().length;
        for (int i = 0; i < bins.counts().length; i++) {
            double from = (bins.least() + i * own - range[0]) / step;
            double to = Math.max(from + 1e-9, (bins.least() + (i + 1) * own - range[0]) / step);
            for (int row = Math.max(0, (int) from); row < ROWS && row <= to; row++) {
                double part = Math.min(to, row + 1) - Math.max(from, row);
                spread[row] += part <= 0 ? 0 : bins.counts()[i] * part / (to - from);
            }
        }
        double most = 0;
        for (double value : spread) {
            most = Math.max(most, value);
        }
        for (int i = 0; i < ROWS && most > 0; i++) {
            spread[i] /= most;
        }
        return spread;
    }

    @Override
    public List<List<String>> rows(RunLog run) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("batch", "from", "to", "count"));
        Thinned<RunEvent.Histograms> moments = run.histograms();
        for (int moment = 0; moment < moments.all().size(); moment++) {
            Bins bins = bins(moments.all().get(moment));
            for (int i = 0; bins != null && i < bins.counts().length; i++) {
                double own = (bins.greatest() - bins.least()) / bins.counts().length;
                rows.add(List.of(String.valueOf(moments.batch(moment)), NumberText.exact(bins.least() + i * own),
                        NumberText.exact(bins.least() + (i + 1) * own), String.valueOf(bins.counts()[i])));
            }
        }
        return rows;
    }
}
