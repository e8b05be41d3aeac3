package dev.backstep.web.ui.data;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.DataException;
import dev.backstep.engine.data.Samples;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.web.ui.Dom;
import org.teavm.jso.canvas.CanvasRenderingContext2D;
import org.teavm.jso.dom.html.HTMLCanvasElement;

/**
 * A small picture of a data set: samples as points by their first two features, or by feature and value; samples of
 * square numbers of features as images.
 */
public final class DataPicture {
    private static final int MOST_POINTS = 800;
    /** The least number of features that are pixels. */
    private static final int PIXELS = 49;

    private final Samples samples;
    private final CanvasRenderingContext2D context;
    private final double width;
    private final double height;

    private DataPicture(Samples samples, CanvasRenderingContext2D context, double width, double height) {
        this.samples = samples;
        this.context = context;
        this.width = width;
        this.height = height;
    }

    /** The samples of a data box with those attributes; null where it has none yet. */
    public static Samples samples(Attrs attrs) {
        try {
            return DataBox.TYPE.parts(attrs).whole();
        } catch (DataException refused) {
            return null;
        }
    }

    /** Whether the features are the pixels of square images. */
    public static boolean isImages(Samples samples) {
        int features = samples.features().size();
        int side = (int) Math.round(Math.sqrt(features));
        return features >= PIXELS && side * side == features;
    }

    /** What is drawn across and upwards, by name. */
    public static String axes(Samples samples) {
        return samples.features().getFirst()
                + (samples.features().size() > 1 ? " × " + samples.features().get(1) : "");
    }

    /** Draws them, in pixels of the screen at twice the size. */
    public static HTMLCanvasElement draw(Samples samples, int width, int height) {
        HTMLCanvasElement canvas = (HTMLCanvasElement) Dom.make("canvas", "data-picture");
        canvas.setWidth(2 * width);
        canvas.setHeight(2 * height);
        CanvasRenderingContext2D context = (CanvasRenderingContext2D) canvas.getContext("2d");
        DataPicture picture = new DataPicture(samples, context, 2 * width, 2 * height);
        if (isImages(samples)) {
            picture.images(width >= 120 ? 8 : 3);
        } else {
            picture.points(width >= 120 ? 4.5 : 3);
        }
        return canvas;
    }

    private void points(double radius) {
        int features = samples.features().size();
        double[] x = samples.x().toDoubles();
        double[] y = samples.y().toDoubles();
        boolean classes = !samples.classes().isEmpty();
        int count = Math.min(samples.size(), MOST_POINTS);
        double[] across = new double[count];
        double[] up = new double[count];
        for (int i = 0; i < count; i++) {
            across[i] = x[i * features];
            up[i] = features > 1 ? x[i * features + 1] : classes ? (i * 7 % 11) / 11.0 : y[i];
        }
        double[] acrossScale = scale(across, width, 3 * radius);
        double[] upScale = scale(up, height, 3 * radius);
        double[] values = scale(y, 1, 0);
        context.setGlobalAlpha(0.8);
        for (int i = 0; i < count; i++) {
            context.setFillStyle(classes ? ClassColours.of((int) y[i])
                    : features > 1 ? shade(values[0] + values[1] * y[i]) : ClassColours.of(0));
            context.beginPath();
            context.arc(acrossScale[0] + acrossScale[1] * across[i], height - upScale[0] - upScale[1] * up[i], radius,
                    0, 2 * Math.PI);
            context.fill();
        }
    }

    /** A colour from blue to orange for values from 0 to 1. */
    private static String shade(double share) {
        return "rgb(" + Math.round(91 + 147 * share) + "," + Math.round(104 + 34 * share) + ","
                + Math.round(245 - 198 * share) + ")";
    }

    /** Offset and factor that bring numbers into [pad, size − pad]. */
    private static double[] scale(double[] numbers, double size, double pad) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double number : numbers) {
            least = Math.min(least, number);
            most = Math.max(most, number);
        }
        double factor = most > least ? (size - 2 * pad) / (most - least) : 0;
        return new double[] {factor == 0 ? size / 2 : pad - least * factor, factor};
    }

    private void images(int columns) {
        int features = samples.features().size();
        int side = (int) Math.round(Math.sqrt(features));
        double[] x = samples.x().toDoubles();
        double[] scale = scale(x, 1, 0);
        double cell = width / columns;
        int rows = (int) (height / cell);
        double pixel = cell * 0.9 / side;
        for (int i = 0; i < Math.min(samples.size(), columns * rows); i++) {
            double left = i % columns * cell + cell * 0.05;
            double top = i / columns * cell + cell * 0.05;
            context.setFillStyle("#10131f");
            context.fillRect(left, top, cell * 0.9, cell * 0.9);
            context.setFillStyle("#f4f6ff");
            for (int k = 0; k < features; k++) {
                double shade = scale[0] + scale[1] * x[i * features + k];
                if (shade > 0) {
                    context.setGlobalAlpha(shade);
                    context.fillRect(left + k % side * pixel, top + k / side * pixel, pixel + 0.4, pixel + 0.4);
                }
            }
            context.setGlobalAlpha(1);
        }
    }
}
