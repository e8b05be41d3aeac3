package dev.backstep.web.ui.train;

import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;

/** What is predicted along one feature, and the samples: circles are learned from, diamonds held out. */
final class LinePicture implements Picture {
    @Override
    public String title() {
        return "train.picture.line";
    }

    @Override
    public boolean isThere(RunLog run) {
        return run.line() != null && run.line().line().length > 3;
    }

    @Override
    public int rank(RunLog run) {
        return run.started() != null && run.started().features().size() == 1 ? 0 : 8;
    }

    @Override
    public String said(RunLog run) {
        double[] line = run.line().line();
        int last = line.length - 2;
        return Text.of("train.said.line", run.line().batch(), NumberText.of(line[0]), NumberText.of(line[1]),
                NumberText.of(line[last]), NumberText.of(line[last + 1]));
    }

    @Override
    public Object told(RunLog run) {
        return run.line();
    }

    @Override
    public double height(RunLog run, double width) {
        return Math.max(200, .66 * width);
    }

    @Override
    public void draw(RunLog run, Pen pen, Palette palette, double width, double height) {
        RunEvent.Line told = run.line();
        Plot plot = new Plot(range(told), width, height);
        plot.raster(pen, palette);
        for (int i = 0; i < told.points().length; i += 3) {
            double x = plot.x(told.points()[i]);
            double y = plot.y(told.points()[i + 1]);
            if (told.points()[i + 2] == 1) {
                pen.diamond(x, y, 4.2, palette.ground(), palette.ofClass(0));
            } else {
                pen.circle(x, y, 3, palette.ofClass(0), palette.ground());
            }
        }
        double[] line = new double[told.line().length];
        for (int i = 0; i < line.length; i += 2) {
            line[i] = plot.x(told.line()[i]);
            line[i + 1] = Math.max(plot.top, Math.min(plot.top + plot.height, plot.y(told.line()[i + 1])));
        }
        pen.line(line, palette.ofClass(1), 2.5);
        List<String> names = run.started() == null ? List.of() : run.started().features();
        plot.axes(pen, palette, names.isEmpty() ? "x" : names.getFirst(), "");
    }

    /** The samples decide what is seen: a prediction far off leaves the picture. */
    private static double[] range(RunEvent.Line told) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY};
        for (int i = 0; i < told.points().length; i += 3) {
            for (int axis = 0; axis < 2; axis++) {
                range[2 * axis] = Math.min(range[2 * axis], told.points()[i + axis]);
                range[2 * axis + 1] = Math.max(range[2 * axis + 1], told.points()[i + axis]);
            }
        }
        for (int i = 0; i < told.line().length; i += 2) {
            range[0] = Math.min(range[0], told.line()[i]);
            range[1] = Math.max(range[1], told.line()[i]);
        }
        for (int i = 1; i < told.line().length && told.points().length == 0; i += 2) {
            range[2] = Math.min(range[2], told.line()[i]);
            range[3] = Math.max(range[3], told.line()[i]);
        }
        double room = range[3] > range[2] ? .08 * (range[3] - range[2]) : 1;
        range[2] -= room;
        range[3] += room;
        return range;
    }

    @Override
    public List<List<String>> rows(RunLog run) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("x", "prediction"));
        double[] line = run.line().line();
        for (int i = 0; i < line.length; i += 2) {
            rows.add(List.of(NumberText.exact(line[i]), NumberText.exact(line[i + 1])));
        }
        return rows;
    }
}
