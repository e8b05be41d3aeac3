package dev.backstep.web.ui.train;

import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Thinned;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NormScale;
import dev.backstep.web.value.NumberText;
import java.util.ArrayList;
import java.util.List;

/** The norm of each parameter's gradient, as bars on a scale of powers of ten. */
final class NormsPicture implements Picture {
    private static final double ROW = 20;

    @Override
    public String title() {
        return "train.picture.norms";
    }

    @Override
    public boolean isThere(RunLog run) {
        return !run.layerNorms().all().isEmpty();
    }

    @Override
    public int rank(RunLog run) {
        return 0;
    }

    @Override
    public String said(RunLog run) {
        double[] norms = run.layerNorms().all().getLast().norms();
        int least = -1;
        int greatest = -1;
        for (int i = 0; i < norms.length; i++) {
            if (!Double.isNaN(norms[i])) {
                least = least < 0 || norms[i] < norms[least] ? i : least;
                greatest = greatest < 0 || norms[i] > norms[greatest] ? i : greatest;
            }
        }
        return least < 0 ? Text.of("train.said.noNorms")
                : Text.of("train.said.norms", name(run, least), NumberText.of(norms[least]), name(run, greatest),
                        NumberText.of(norms[greatest]));
    }

    private static String name(RunLog run, int index) {
        return run.started() != null && index < run.started().parameters().size()
                ? run.started().parameters().get(index) : String.valueOf(index + 1);
    }

    @Override
    public Object told(RunLog run) {
        return run.layerNorms().all().getLast();
    }

    @Override
    public double height(RunLog run, double width) {
        return ROW * run.layerNorms().all().getLast().norms().length + 6;
    }

    @Override
    public void draw(RunLog run, Pen pen, Palette palette, double width, double height) {
        double[] norms = run.layerNorms().all().getLast().norms();
        double left = .36 * width;
        double right = width - 62;
        for (int i = 0; i < norms.length; i++) {
            double y = ROW * i;
            pen.text(cut(name(run, i), (int) (left / 6.6)), left - 8, y + 14, "end", 11, palette.text());
            pen.rect(left, y + 5, right - left, 11, palette.line());
            boolean none = Double.isNaN(norms[i]);
            if (!none) {
                boolean large = !(norms[i] <= 100);
                double share = Math.max(0, Math.min(1, NormScale.share(norms[i])));
                pen.rect(left, y + 5, Math.max(2, share * (right - left)), 11,
                        large ? palette.bad() : palette.accent());
            }
            pen.text(none ? "None" : NumberText.brief(norms[i]), width - 2, y + 14, "end", 11, palette.text());
        }
    }

    private static String cut(String name, int letters) {
        return name.length() <= letters ? name : "…" + name.substring(name.length() - Math.max(1, letters - 1));
    }

    @Override
    public List<List<String>> rows(RunLog run) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("batch"));
        Thinned<RunEvent.Norms> moments = run.layerNorms();
        for (int i = 0; i < moments.all().getLast().norms().length; i++) {
            head.add(name(run, i));
        }
        rows.add(head);
        for (int moment = 0; moment < moments.all().size(); moment++) {
            List<String> cells = new ArrayList<>(List.of(String.valueOf(moments.batch(moment))));
            for (double norm : moments.all().get(moment).norms()) {
                cells.add(NumberText.exact(norm));
            }
            rows.add(cells);
        }
        return rows;
    }
}
