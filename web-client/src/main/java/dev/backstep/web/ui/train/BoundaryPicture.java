package dev.backstep.web.ui.train;

import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;

/** What is predicted at each place of the plane, and the samples on it: circles are learned from, diamonds held out. */
final class BoundaryPicture implements Picture {
    private static final double PALE = .62;

    @Override
    public String title() {
        return "train.picture.boundary";
    }

    @Override
    public boolean isThere(RunLog run) {
        return run.boundary() != null;
    }

    @Override
    public String said(RunLog run) {
        RunEvent.Boundary told = run.boundary();
        int held = 0;
        for (int i = 3; i < told.points().length; i += 4) {
            held += told.points()[i] == 1 ? 1 : 0;
        }
        int all = told.points().length / 4;
        return Text.of("train.said.boundary", told.batch(), all - held, held);
    }

    @Override
    public double height(RunLog run, double width) {
        return width;
    }

    @Override
    public void draw(RunLog run, Pen pen, Palette palette, double width, double height) {
        RunEvent.Boundary told = run.boundary();
        Plot plot = new Plot(told.range(), width, height);
        int columns = told.columns();
        int[] colours = new int[columns * told.rows()];
        int ground = Palette.rgb(palette.ground());
        double[] values = values(told);
        for (int row = 0; row < told.rows(); row++) {
            for (int column = 0; column < columns; column++) {
                int from = row * columns + column;
                colours[(told.rows() - 1 - row) * columns + column] = told.classes() == null
                        ? scaled(palette, ground, told.values()[from], values)
                        : sure(palette, ground, told.classes()[from], told.values()[from], classes(run));
            }
        }
        pen.grid(colours, columns, plot.left, plot.top, plot.width, plot.height, told.classes() == null);
        double radius = told.points().length > 4 * 600 ? 2.2 : 3.2;
        // Those held out lie on top: there are fewer of them.
        for (int held = 0; held <= 1; held++) {
            for (int i = 0; i < told.points().length; i += 4) {
                if (told.points()[i + 3] == held) {
                    point(pen, palette, plot, told, i, radius, values);
                }
            }
        }
        List<String> names = run.started() == null ? List.of() : run.started().features();
        plot.axes(pen, palette, names.size() > 0 ? names.get(0) : "x1", names.size() > 1 ? names.get(1) : "x2");
    }

    private static int classes(RunLog run) {
        return run.started() == null ? 2 : Math.max(2, run.started().classes().size());
    }

    private static void point(Pen pen, Palette palette, Plot plot, RunEvent.Boundary told, int at, double radius,
            double[] values) {
        double target = told.points()[at + 2];
        String fill = told.classes() != null ? palette.ofClass((int) target)
                : Palette.css(scaled(palette, Palette.rgb(palette.ground()), target, values));
        double x = plot.x(told.points()[at]);
        double y = plot.y(told.points()[at + 1]);
        if (told.points()[at + 3] == 1) {
            pen.diamond(x, y, radius + 1.4, fill, palette.text());
        } else {
            pen.circle(x, y, radius, fill, palette.ground());
        }
    }

    /** The least and greatest of the targets, which the colours are spread over. */
    private static double[] values(RunEvent.Boundary told) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 2; i < told.points().length; i += 4) {
            range[0] = Math.min(range[0], told.points()[i]);
            range[1] = Math.max(range[1], told.points()[i]);
        }
        return range[0] < range[1] ? range : new double[] {range[0] - 1, range[0] + 1};
    }

    private static int scaled(Palette palette, int ground, double value, double[] range) {
        double share = (value - range[0]) / (range[1] - range[0]);
        int strong = Palette.rgb(palette.ofClass(share < .5 ? 0 : 1));
        return Palette.mix(ground, strong, Math.min(1, 2 * Math.abs(share - .5)));
    }

    /** Nothing where the guess is as good as drawing lots. */
    private static int sure(Palette palette, int ground, int number, double share, int classes) {
        double chance = 1.0 / classes;
        return Palette.mix(ground, Palette.rgb(palette.ofClass(number)),
                .12 + (PALE - .12) * (share - chance) / (1 - chance));
    }

    @Override
    public List<List<String>> rows(RunLog run) {
        RunEvent.Boundary told = run.boundary();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("x1", "x2", told.classes() == null ? "value" : "class", "share"));
        for (int i = 0; i < told.values().length; i++) {
            double x = at(told.range()[0], told.range()[1], i % told.columns(), told.columns());
            double y = at(told.range()[2], told.range()[3], i / told.columns(), told.rows());
            String value = NumberText.exact(told.values()[i]);
            rows.add(List.of(NumberText.exact(x), NumberText.exact(y),
                    told.classes() == null ? value : String.valueOf(told.classes()[i]),
                    told.classes() == null ? "" : value));
        }
        return rows;
    }

    private static double at(double least, double greatest, int index, int count) {
        return least + (greatest - least) * index / (count - 1);
    }
}
