package dev.backstep.web.value;

/**
 * A tensor as a small picture: blue below zero, red above, the farther from zero the stronger, and nothing at zero, so
 * that it fits any ground. Blue against red is told apart by all common kinds of colour blindness. Large tensors are
 * thinned out.
 */
public final class HeatMap {
    private static final int MAX_SIDE = 48;
    private static final int[] BELOW = {37, 99, 235};
    private static final int[] ABOVE = {222, 48, 84};
    private static final int[] NOT_FINITE = {245, 190, 40};

    private HeatMap() {}

    /** How many rows the picture has: the last extent makes columns, all before it rows. */
    public static int rows(int[] shape) {
        int rows = 1;
        for (int i = 0; i < shape.length - 1; i++) {
            rows *= shape[i];
        }
        return rows;
    }

    /** The picture of row-major numbers by their own scale, as the address of an image. */
    public static String url(double[] values, int[] shape) {
        return url(values, shape, limit(values));
    }

    /** The picture of row-major numbers, at least one, as the address of an image. */
    public static String url(double[] values, int[] shape, double limit) {
        return url(sample(values, shape), limit);
    }

    /** Those numbers of a tensor that its picture shows, row by row. */
    public record Sample(double[] values, int width, int height) {
    }

    /** What a picture shows of row-major numbers, at least one. */
    private static Sample sample(double[] values, int[] shape) {
        int[] places = places(shape);
        double[] shown = new double[places.length];
        for (int i = 0; i < shown.length; i++) {
            shown[i] = values[places[i]];
        }
        return sample(shape, shown);
    }

    /** What a picture of that shape shows, from the numbers at its {@link #places}. */
    static Sample sample(int[] shape, double[] shown) {
        return new Sample(shown, Math.min(columns(shape), MAX_SIDE), Math.min(rows(shape), MAX_SIDE));
    }

    private static int columns(int[] shape) {
        return shape.length == 0 ? 1 : shape[shape.length - 1];
    }

    /** Where the numbers lie that a picture shows, in order. */
    static int[] places(int[] shape) {
        int columns = columns(shape);
        int rows = rows(shape);
        int width = Math.min(columns, MAX_SIDE);
        int height = Math.min(rows, MAX_SIDE);
        int[] places = new int[width * height];
        for (int i = 0; i < places.length; i++) {
            places[i] = i / width * rows / height * columns + i % width * columns / width;
        }
        return places;
    }

    /** The picture of a sample, as the address of an image. */
    public static String url(Sample sample, double limit) {
        byte[] rgba = new byte[4 * sample.values.length];
        for (int i = 0; i < sample.values.length; i++) {
            paint(rgba, 4 * i, sample.values[i], limit);
        }
        return Png.url(rgba, sample.width, sample.height);
    }

    /** The largest size of a finite number among these; 0 where there is none. */
    public static double limit(double[] values) {
        double limit = 0;
        for (double value : values) {
            double size = Math.abs(value);
            if (size > limit && size <= Double.MAX_VALUE) {
                limit = size;
            }
        }
        return limit;
    }

    /** The scale that covers a size: the next of 1, 2, 5, 10, 20 ..., so that it changes seldom; 1 for 0. */
    public static double scale(double size) {
        if (size == 0) {
            return 1;
        }
        double decade = Math.pow(10, Math.floor(Math.log10(size)));
        for (double step : new double[] {1, 2, 5, 10}) {
            if (size <= step * decade * (1 + 1e-12)) {
                return step * decade;
            }
        }
        return 20 * decade;
    }

    private static void paint(byte[] rgba, int at, double value, double limit) {
        boolean finite = Math.abs(value) <= Double.MAX_VALUE;
        int[] colour = !finite ? NOT_FINITE : value < 0 ? BELOW : ABOVE;
        for (int i = 0; i < 3; i++) {
            rgba[at + i] = (byte) colour[i];
        }
        double share = !finite ? 1 : limit == 0 ? 0 : Math.min(1, Math.abs(value) / limit);
        rgba[at + 3] = (byte) Math.round(255 * share);
    }
}
