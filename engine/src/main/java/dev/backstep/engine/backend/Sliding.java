package dev.backstep.engine.backend;

/**
 * How windows lie over images, read off the view of all they see: (images, channels, window down, window across, places
 * down, places across). The images lie one behind the other. Each array holds the figure down and that across; of an
 * extent of 1 the step is 1.
 *
 * @param planes images times channels
 * @param plane elements of one of them
 * @param pitch elements from a row to the next; where only every second row can be met, say, a row is two
 * @param window the extents of the window
 * @param places how many places it takes
 * @param dilation from one of its elements to the next, in rows and columns
 * @param stride from one place to the next
 */
public record Sliding(int planes, int plane, int pitch, int[] window, int[] places, int[] dilation, int[] stride) {
    private static final int RANK = 6;

    /** @throws IllegalArgumentException where that is no such view */
    public static Sliding of(int[] shape, int[] strides) {
        if (shape.length != RANK || shape[0] > 1 && strides[0] != shape[1] * strides[1]) {
            throw new IllegalArgumentException("no windows over images that lie one behind the other");
        }
        int down = shape[2] > 1 ? strides[2] : 0;
        int on = shape[4] > 1 ? strides[4] : 0;
        int pitch = down + on == 0 ? Math.max(1, strides[1]) : divisor(down, on);
        return new Sliding(shape[0] * shape[1], strides[1], pitch, new int[] {shape[2], shape[3]},
                new int[] {shape[4], shape[5]}, new int[] {Math.max(1, down / pitch), shape[3] > 1 ? strides[3] : 1},
                new int[] {Math.max(1, on / pitch), shape[5] > 1 ? strides[5] : 1});
    }

    private static int divisor(int a, int b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    /** How many elements the images have. */
    public int size() {
        return planes * plane;
    }
}
