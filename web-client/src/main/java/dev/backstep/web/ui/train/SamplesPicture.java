package dev.backstep.web.ui.train;

import dev.backstep.engine.train.RunEvent.Prediction;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;

/** Held-out samples with what was predicted of them: as little pictures where their features are one. */
final class SamplesPicture implements Picture {
    /** From so many features on a square number of them is a picture. */
    private static final int LEAST_PICTURE = 16;
    private static final double TILE = 62;
    private static final double ROW = 20;

    @Override
    public String title() {
        return "train.picture.samples";
    }

    @Override
    public boolean isThere(RunLog run) {
        return run.predictions() != null && !run.predictions().samples().isEmpty();
    }

    @Override
    public int rank(RunLog run) {
        return side(run.predictions().samples().getFirst()) > 0 ? 1 : 3;
    }

    @Override
    public String said(RunLog run) {
        List<Prediction> samples = run.predictions().samples();
        long right = samples.stream().filter(sample -> isRight(run, sample)).count();
        return isClasses(run) ? Text.of("train.said.samples", run.predictions().batch(), right, samples.size())
                : Text.of("train.said.values", run.predictions().batch(), samples.size());
    }

    private static boolean isClasses(RunLog run) {
        return run.started() != null && !run.started().classes().isEmpty();
    }

    private static boolean isRight(RunLog run, Prediction sample) {
        return !isClasses(run) || sample.target() == sample.predicted();
    }

    private static int side(Prediction sample) {
        int side = (int) Math.round(Math.sqrt(sample.features().length));
        return side * side == sample.features().length && side * side >= LEAST_PICTURE ? side : 0;
    }

    private static int columns(double width) {
        return Math.max(1, (int) (width / TILE));
    }

    @Override
    public Object told(RunLog run) {
        return run.predictions();
    }

    @Override
    public double height(RunLog run, double width) {
        List<Prediction> samples = run.predictions().samples();
        int columns = columns(width);
        return side(samples.getFirst()) == 0 ? ROW * (samples.size() + 1) + 6
                : (samples.size() + columns - 1) / columns * (width / columns + 16) + 4;
    }

    @Override
    public void draw(RunLog run, Pen pen, Palette palette, double width, double height) {
        List<Prediction> samples = run.predictions().samples();
        if (side(samples.getFirst()) == 0) {
            list(run, pen, palette, width);
            return;
        }
        int columns = columns(width);
        double tile = width / columns;
        for (int i = 0; i < samples.size(); i++) {
            Prediction sample = samples.get(i);
            boolean right = isRight(run, sample);
            double x = i % columns * tile + 4;
            double y = i / columns * (tile + 16) + 2;
            double inner = tile - 8;
            pen.rect(x - 2, y, inner + 4, inner + 4, right ? palette.line() : palette.bad());
            pen.grid(shades(sample, palette), side(sample), x, y + 2, inner, inner, false);
            String text = name(run, sample.predicted()) + " " + percent(sample.share());
            pen.text(right ? text : Text.of("train.sample.wrong", text, name(run, sample.target())), x + inner / 2,
                    y + inner + 16, "middle", 10.5, right ? palette.muted() : palette.bad());
        }
    }

    private static int[] shades(Prediction sample, Palette palette) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (double value : sample.features()) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        int[] shades = new int[sample.features().length];
        for (int i = 0; i < shades.length; i++) {
            double share = greatest > least ? (sample.features()[i] - least) / (greatest - least) : 0;
            shades[i] = Palette.mix(Palette.rgb(palette.ground()), Palette.rgb(palette.text()), share);
        }
        return shades;
    }

    private static void list(RunLog run, Pen pen, Palette palette, double width) {
        double[] at = {0, .5 * width, .76 * width};
        String[] head = {Text.of("train.features"), Text.of("train.predicted"), Text.of("train.true")};
        for (int i = 0; i < head.length; i++) {
            pen.text(head[i], at[i], 13, "start", 11, palette.muted());
        }
        double y = 13;
        for (Prediction sample : run.predictions().samples()) {
            y += ROW;
            pen.line(new double[] {0, y - 14, width, y - 14}, palette.line(), 1);
            StringBuilder features = new StringBuilder();
            for (int i = 0; i < Math.min(4, sample.features().length); i++) {
                features.append(i == 0 ? "" : ", ").append(NumberText.brief(sample.features()[i]));
            }
            pen.text(features + (sample.features().length > 4 ? ", …" : ""), at[0], y, "start", 11, palette.text());
            boolean right = isRight(run, sample);
            String predicted = isClasses(run)
                    ? (right ? "✓ " : "✗ ") + name(run, sample.predicted()) + " " + percent(sample.share())
                    : NumberText.of(sample.predicted());
            pen.text(predicted, at[1], y, "start", 11, right ? palette.text() : palette.bad());
            pen.text(isClasses(run) ? name(run, sample.target()) : NumberText.of(sample.target()), at[2], y, "start",
                    11, palette.text());
        }
    }

    private static String percent(double share) {
        return Math.round(100 * share) + "%";
    }

    private static String name(RunLog run, double number) {
        List<String> names = run.started() == null ? List.of() : run.started().classes();
        int index = (int) number;
        return index == number && index >= 0 && index < names.size() ? names.get(index) : NumberText.of(number);
    }

    @Override
    public List<List<String>> rows(RunLog run) {
        List<List<String>> rows = new ArrayList<>();
        List<String> names = run.started() == null ? List.of() : run.started().features();
        List<String> head = new ArrayList<>();
        int features = run.predictions().samples().getFirst().features().length;
        for (int i = 0; i < features; i++) {
            head.add(i < names.size() ? names.get(i) : "x" + (i + 1));
        }
        head.addAll(List.of(Text.of("train.predicted"), Text.of("train.true"), Text.of("train.share")));
        rows.add(head);
        for (Prediction sample : run.predictions().samples()) {
            List<String> cells = new ArrayList<>();
            for (double value : sample.features()) {
                cells.add(NumberText.exact(value));
            }
            cells.addAll(List.of(name(run, sample.predicted()), name(run, sample.target()),
                    NumberText.exact(sample.share())));
            rows.add(cells);
        }
        return rows;
    }
}
