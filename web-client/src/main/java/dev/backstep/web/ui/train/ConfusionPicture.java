package dev.backstep.web.ui.train;

import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.List;

/** How many held-out samples of each class (rows) were taken for which (columns). */
final class ConfusionPicture implements Picture {
    private static final double HEAD = 22;

    @Override
    public String title() {
        return "train.picture.confusion";
    }

    @Override
    public boolean isThere(RunLog run) {
        return run.confusion() != null && run.confusion().classes() > 0;
    }

    @Override
    public int rank(RunLog run) {
        return 2;
    }

    @Override
    public String said(RunLog run) {
        RunEvent.Confusion told = run.confusion();
        int right = 0;
        int all = 0;
        int worst = -1;
        for (int i = 0; i < told.counts().length; i++) {
            boolean same = i / told.classes() == i % told.classes();
            all += told.counts()[i];
            right += same ? told.counts()[i] : 0;
            if (!same && told.counts()[i] > 0 && (worst < 0 || told.counts()[i] > told.counts()[worst])) {
                worst = i;
            }
        }
        String sum = Text.of("train.said.confusion", told.batch(), right, all);
        return worst < 0 ? sum : sum + " " + Text.of("train.said.mistaken", name(run, worst / told.classes()),
                name(run, worst % told.classes()), told.counts()[worst]);
    }

    private static String name(RunLog run, int number) {
        List<String> names = run.started() == null ? List.of() : run.started().classes();
        return number < names.size() ? names.get(number) : String.valueOf(number);
    }

    @Override
    public Object told(RunLog run) {
        return run.confusion();
    }

    @Override
    public double height(RunLog run, double width) {
        return Math.min(.8 * width, 60 + 46.0 * run.confusion().classes());
    }

    @Override
    public void draw(RunLog run, Pen pen, Palette palette, double width, double height) {
        RunEvent.Confusion told = run.confusion();
        int classes = told.classes();
        double left = 16;
        for (int i = 0; i < classes; i++) {
            left = Math.max(left, 26 + 6.4 * Math.min(12, name(run, i).length()));
        }
        double cellWidth = (width - left - 8) / classes;
        double cellHeight = (height - 2 * HEAD) / classes;
        int ground = Palette.rgb(palette.ground());
        pen.text(Text.of("train.predicted"), left + (width - left) / 2, 12, "middle", 11, palette.muted());
        pen.text(Text.of("train.true"), 2, 2 * HEAD - 6, "start", 11, palette.muted());
        for (int row = 0; row < classes; row++) {
            int sum = 0;
            for (int column = 0; column < classes; column++) {
                sum += told.counts()[row * classes + column];
            }
            double y = 2 * HEAD + row * cellHeight;
            pen.text(cut(name(run, row), 12), left - 6, y + cellHeight / 2 + 4, "end", 11, palette.text());
            double head = left + (row + .5) * cellWidth;
            pen.text(cut(name(run, row), (int) Math.max(1, cellWidth / 6.4)), head, 2 * HEAD - 6, "middle", 11,
                    palette.text());
            for (int column = 0; column < classes; column++) {
                int count = told.counts()[row * classes + column];
                double share = sum == 0 ? 0 : (double) count / sum;
                int strong = Palette.rgb(row == column ? palette.good() : palette.bad());
                double x = left + column * cellWidth;
                int shade = Palette.mix(ground, strong, count == 0 ? .04 : .1 + .62 * share);
                pen.rect(x, y, cellWidth - 1, cellHeight - 1, Palette.css(shade));
                if (cellWidth > 14) {
                    pen.text(String.valueOf(count), x + cellWidth / 2, y + cellHeight / 2 + 4, "middle", 11,
                            count == 0 ? palette.muted() : palette.text());
                }
            }
        }
    }

    private static String cut(String name, int letters) {
        return name.length() <= letters ? name : name.substring(0, Math.max(1, letters - 1)) + "…";
    }

    @Override
    public List<List<String>> rows(RunLog run) {
        RunEvent.Confusion told = run.confusion();
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(Text.of("train.trueOrPredicted")));
        for (int i = 0; i < told.classes(); i++) {
            head.add(name(run, i));
        }
        rows.add(head);
        for (int row = 0; row < told.classes(); row++) {
            List<String> cells = new ArrayList<>(List.of(name(run, row)));
            for (int column = 0; column < told.classes(); column++) {
                cells.add(String.valueOf(told.counts()[row * told.classes() + column]));
            }
            rows.add(cells);
        }
        return rows;
    }
}
