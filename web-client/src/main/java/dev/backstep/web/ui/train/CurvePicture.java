package dev.backstep.web.ui.train;

import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Table;
import dev.backstep.web.train.Table.Kind;
import dev.backstep.web.train.Table.Measure;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;

/** Curves over batches or epochs. On the screen uPlot draws them; here is how they are drawn into files. */
final class CurvePicture implements Picture {
    private static final int PLACES = 900;

    private RunLog former;
    private Measure measure = Measure.LOSS;
    private boolean byEpoch;
    private boolean log;
    private double smoothing;

    void choose(RunLog newFormer, Measure newMeasure, boolean overEpochs, boolean logarithmic, double newSmoothing) {
        former = newFormer;
        measure = newMeasure;
        byEpoch = overEpochs;
        log = logarithmic;
        smoothing = newSmoothing;
    }

    Table table(RunLog run, int limit) {
        return Table.of(run, former, measure, byEpoch, smoothing, limit);
    }

    @Override
    public String title() {
        return switch (measure) {
            case LOSS -> "train.measure.loss";
            case ACCURACY -> "train.measure.accuracy";
            case NORM -> "train.measure.norm";
        };
    }

    @Override
    public boolean isThere(RunLog run) {
        return run.losses().size() > 0;
    }

    @Override
    public int rank(RunLog run) {
        return 0;
    }

    @Override
    public String said(RunLog run) {
        if (run.losses().size() == 0) {
            return Text.of("train.said.noLoss");
        }
        String loss = Text.of("train.said.loss", run.batch(), NumberText.of(run.losses().get(0)),
                NumberText.of(run.losses().last()));
        var epoch = run.lastEpoch();
        return epoch == null || Double.isNaN(epoch.testLoss()) ? loss
                : loss + " " + Text.of("train.said.test", epoch.epoch(), NumberText.of(epoch.testLoss()));
    }

    @Override
    public Object told(RunLog run) {
        return run.losses().size();
    }

    @Override
    public double height(RunLog run, double width) {
        return .5 * width;
    }

    @Override
    public void draw(RunLog run, Pen pen, Palette palette, double width, double height) {
        Table table = table(run, PLACES);
        Plot plot = new Plot(range(table), width, height);
        plot.raster(pen, palette);
        double legend = plot.left + 8;
        for (Table.Column column : table.columns()) {
            if (column.kind() == Kind.LOWEST || column.kind() == Kind.HIGHEST) {
                continue;
            }
            String colour = colour(palette, column.kind());
            if (column.kind() == Kind.TEST_LOSS && !byEpoch) {
                dots(pen, plot, table.x(), column.values(), colour);
            } else {
                curve(pen, plot, table.x(), column.values(), colour);
            }
            String name = Text.of(name(column.kind()));
            pen.text("— " + name, legend, plot.top + 12, "start", 11, colour);
            legend += 26 + 6.2 * name.length();
        }
        plot.axes(pen, palette, Text.of(byEpoch ? "train.axis.epoch" : "train.axis.batch"), log ? "log10" : "");
    }

    private double shown(double value) {
        return log ? value > 0 ? Math.log10(value) : Double.NaN : value;
    }

    private double[] range(Table table) {
        double[] range = {1, 2, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        if (table.x().length > 1) {
            range[0] = table.x()[0];
            range[1] = table.x()[table.x().length - 1];
        }
        for (Table.Column column : table.columns()) {
            for (double value : column.values()) {
                double at = shown(value);
                if (Double.isFinite(at)) {
                    range[2] = Math.min(range[2], at);
                    range[3] = Math.max(range[3], at);
                }
            }
        }
        if (!(range[2] < range[3])) {
            double middle = Double.isFinite(range[2]) ? range[2] : 0;
            range[2] = middle - 1;
            range[3] = middle + 1;
        }
        return range;
    }

    private void curve(Pen pen, Plot plot, double[] x, double[] values, String colour) {
        List<Double> points = new ArrayList<>();
        for (int i = 0; i <= x.length; i++) {
            double value = i < x.length ? shown(values[i]) : Double.NaN;
            if (Double.isFinite(value)) {
                points.add(plot.x(x[i]));
                points.add(plot.y(value));
            } else if (!points.isEmpty()) {
                pen.line(points.stream().mapToDouble(Double::doubleValue).toArray(), colour, 1.8);
                points.clear();
            }
        }
    }

    private void dots(Pen pen, Plot plot, double[] x, double[] values, String colour) {
        for (int i = 0; i < x.length; i++) {
            double value = shown(values[i]);
            if (Double.isFinite(value)) {
                pen.circle(plot.x(x[i]), plot.y(value), 2.5, colour, null);
            }
        }
    }

    private static String colour(Palette palette, Kind kind) {
        return switch (kind) {
            case TEST_LOSS, TEST_ACCURACY -> palette.held();
            case FORMER_LOSS, FORMER_TEST_LOSS, FORMER_TEST_ACCURACY -> palette.muted();
            default -> palette.accent();
        };
    }

    /** The message that names a curve. */
    static String name(Kind kind) {
        return switch (kind) {
            case LOWEST -> "train.curve.lowest";
            case HIGHEST -> "train.curve.highest";
            case LOSS -> "train.curve.loss";
            case TEST_LOSS -> "train.curve.testLoss";
            case FORMER_LOSS -> "train.curve.formerLoss";
            case FORMER_TEST_LOSS -> "train.curve.formerTestLoss";
            case TRAIN_ACCURACY -> "train.curve.trainAccuracy";
            case TEST_ACCURACY -> "train.curve.testAccuracy";
            case FORMER_TEST_ACCURACY -> "train.curve.formerTestAccuracy";
            case NORM -> "train.curve.norm";
        };
    }

    /** All batches, not only those that are drawn. */
    @Override
    public List<List<String>> rows(RunLog run) {
        Table table = table(run, Integer.MAX_VALUE);
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(byEpoch ? "epoch" : "batch"));
        for (Table.Column column : table.columns()) {
            if (column.kind() != Kind.HIGHEST) {
                head.add(column.kind() == Kind.LOWEST ? measure.name().toLowerCase()
                        : (smoothing > 0 && !byEpoch ? "smoothed_" : "") + column.kind().name().toLowerCase());
            }
        }
        rows.add(head);
        for (int i = 0; i < table.x().length; i++) {
            List<String> cells = new ArrayList<>(List.of(String.valueOf((long) table.x()[i])));
            for (Table.Column column : table.columns()) {
                if (column.kind() != Kind.HIGHEST) {
                    cells.add(Double.isNaN(column.values()[i]) ? "" : NumberText.exact(column.values()[i]));
                }
            }
            rows.add(cells);
        }
        return rows;
    }
}
