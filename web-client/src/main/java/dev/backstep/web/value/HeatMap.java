package dev.backstep.web.value;

/**
 * A tensor as a small picture: blue below zero, red above, the same scale on both sides. The picture is a BMP in a data
 * URL, so it needs no canvas; large tensors are thinned out.
 */
public final class HeatMap {
    private static final int MAX_SIDE = 48;
    private static final int HEADER = 54;
    private static final int[] ZERO = {246, 246, 248};
    private static final int[] BELOW = {43, 98, 217};
    private static final int[] ABOVE = {214, 52, 84};
    private static final int[] NOT_FINITE = {245, 190, 40};
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private HeatMap() {}

    /** How many rows the picture has: the last extent makes columns, all before it rows. */
    public static int rows(int[] shape) {
        int rows = 1;
        for (int i = 0; i < shape.length - 1; i++) {
            rows *= shape[i];
        }
        return rows;
    }

    /** The picture of row-major numbers, as the address of an image. */
    public static String url(double[] values, int[] shape) {
        int columns = shape.length == 0 ? 1 : shape[shape.length - 1];
        int rows = rows(shape);
        int width = Math.min(columns, MAX_SIDE);
        int height = Math.min(rows, MAX_SIDE);
        double limit = limit(values);
        int stride = (3 * width + 3) / 4 * 4;
        byte[] bmp = new byte[HEADER + stride * height];
        header(bmp, width, height);
        for (int y = 0; y < height; y++) {
            // A BMP begins with its lowest row.
            int row = (height - 1 - y) * rows / height;
            for (int x = 0; x < width; x++) {
                paint(bmp, HEADER + y * stride + 3 * x, values[row * columns + x * columns / width], limit);
            }
        }
        return "data:image/bmp;base64," + base64(bmp);
    }

    private static double limit(double[] values) {
        double limit = 0;
        for (double value : values) {
            if (!Double.isNaN(value) && !Double.isInfinite(value)) {
                limit = Math.max(limit, Math.abs(value));
            }
        }
        return limit == 0 ? 1 : limit;
    }

    private static void paint(byte[] bmp, int at, double value, double limit) {
        boolean finite = !Double.isNaN(value) && !Double.isInfinite(value);
        int[] end = !finite ? NOT_FINITE : value < 0 ? BELOW : ABOVE;
        double share = finite ? Math.abs(value) / limit : 1;
        for (int i = 0; i < 3; i++) {
            bmp[at + 2 - i] = (byte) Math.round(ZERO[i] + share * (end[i] - ZERO[i]));
        }
    }

    private static void header(byte[] bmp, int width, int height) {
        bmp[0] = 'B';
        bmp[1] = 'M';
        write(bmp, 2, bmp.length);
        write(bmp, 10, HEADER);
        write(bmp, 14, 40);
        write(bmp, 18, width);
        write(bmp, 22, height);
        bmp[26] = 1;
        bmp[28] = 24;
    }

    private static void write(byte[] bytes, int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >> 8 * i);
        }
    }

    private static String base64(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length * 4 / 3 + 4);
        for (int i = 0; i < bytes.length; i += 3) {
            int left = bytes.length - i;
            int bits = (bytes[i] & 255) << 16 | (left > 1 ? (bytes[i + 1] & 255) << 8 : 0)
                    | (left > 2 ? bytes[i + 2] & 255 : 0);
            out.append(DIGITS.charAt(bits >> 18)).append(DIGITS.charAt(bits >> 12 & 63));
            out.append(left > 1 ? DIGITS.charAt(bits >> 6 & 63) : '=');
            out.append(left > 2 ? DIGITS.charAt(bits & 63) : '=');
        }
        return out.toString();
    }
}
