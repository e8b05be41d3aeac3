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
    /** Up to here the picture grows with its place; and so much room is beside it for what the signs mean. */
    private static final double MAX_SIDE = 320;
    private static final double KEY = 104;
    private static final double KEY_BELOW = 24;

    @Override
    public String title() {
        return "train.picture.boundary";
    }

    @Override
    public boolean isThere(RunLog run) {
        return run.boundary() != null;
    }

    @Override
    public int rank(RunLog run) {
        return run.started() != null && run.started().features().size() == 2 ? 0 : 9;
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
    public Object told(RunLog run) {
        return run.boundary();
    }

    @Override
    public double height(RunLog run, double width) {
        return hasRoom(width) ? side(width) : width + KEY_BELOW;
    }

    private static boolean hasRoom(double width) {
        return width >= 330;
    }

    private static double side(double width) {
        return Math.min(MAX_SIDE, width - KEY);
    }

    @Override
    public void draw(RunLog run, Pen pen, Palette palette, double width, double height) {
        RunEvent.Boundary told = run.boundary();
        double side = hasRoom(width) ? side(width) : width;
        Plot plot = new Plot(told.range(), side, side);
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
        pen.grid(colours, columns, plot.left, plot.top, plot.width, plot.height, true);
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
        key(run, pen, palette, side, hasRoom(width), values);
    }

    /** What colours and shapes mean: beside the picture, or below it. */
    private static void key(RunLog run, Pen pen, Palette palette, double side, boolean beside, double[] values) {
        List<String> names = run.started() == null ? List.of() : run.started().classes();
        double x = beside ? side + 8 : 10;
        double y = beside ? 16 : side + 12;
        double step = beside ? 19 : 0;
        pen.circle(x, y - 4, 3.6, palette.muted(), null);
        pen.text(Text.of("train.key.train"), x + 10, y, "start", 11, palette.muted());
        double across = beside ? 0 : 24 + 6.4 * Text.of("train.key.train").length();
        pen.diamond(x + across, y + step - 4, 4.6, palette.ground(), palette.text());
        pen.text(Text.of("train.key.test"), x + across + 10, y + step, "start", 11, palette.muted());
        if (!beside) {
            return;
        }
        y += 2 * step + 8;
        if (run.boundary().classes() == null) {
            scale(pen, palette, x, y, values);
        }
        for (int i = 0; i < Math.min(10, names.size()) && run.boundary().classes() != null; i++) {
            pen.rect(x - 4, y - 9, 10, 10, palette.ofClass(i));
            String name = names.get(i);
            pen.text(name.length() > 12 ? name.substring(0, 11) + "…" : name, x + 10, y, "start", 11, palette.text());
            y += step;
        }
    }

    private static void scale(Pen pen, Palette palette, double x, double y, double[] values) {
        int ground = Palette.rgb(palette.ground());
        int[] colours = new int[32];
        for (int i = 0; i < colours.length; i++) {
            double value = values[1] - (values[1] - values[0]) * i / (colours.length - 1);
            colours[i] = scaled(palette, ground, value, values);
        }
        pen.grid(colours, 1, x - 4, y - 8, 12, 100, true);
        pen.text(NumberText.brief(values[1]), x + 14, y + 2, "start", 11, palette.text());
        pen.text(NumberText.brief(values[0]), x + 14, y + 92, "start", 11, palette.text());
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
