package dev.backstep.web.suite;

import java.util.Random;

/**
 * What windows of a random size see as they slide over images that lie one behind the other.
 *
 * @param shape (images, channels, window down, window across, places down, places across)
 * @param size elements of all images
 */
public record RandomWindows(int[] shape, int[] strides, int size) {
    public static RandomWindows of(Random random) {
        int images = 1 + random.nextInt(3);
        int channels = 1 + random.nextInt(5);
        int[] window = new int[2];
        int[] places = new int[2];
        int[] dilation = new int[2];
        int[] stride = new int[2];
        int[] extent = new int[2];
        for (int d = 0; d < 2; d++) {
            window[d] = 1 + random.nextInt(4);
            places[d] = random.nextInt(3) == 0 ? 4 * (1 + random.nextInt(4)) : 1 + random.nextInt(10);
            dilation[d] = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
            stride[d] = random.nextInt(2) == 0 ? 1 + random.nextInt(3) : 1;
            extent[d] = (window[d] - 1) * dilation[d] + (places[d] - 1) * stride[d] + 1 + random.nextInt(3);
        }
        int plane = extent[0] * extent[1];
        return new RandomWindows(new int[] {images, channels, window[0], window[1], places[0], places[1]},
                new int[] {channels * plane, plane, dilation[0] * extent[1], dilation[1], stride[0] * extent[1],
                    stride[1]}, images * channels * plane);
    }

    /** How many elements of an image they see at a place, all channels together. */
    public int seen() {
        return shape[1] * shape[2] * shape[3];
    }

    public int places() {
        return shape[4] * shape[5];
    }

    /** The same figures with the places before what is seen there. */
    public static int[] turned(int[] figures) {
        return new int[] {figures[0], figures[4], figures[5], figures[1], figures[2], figures[3]};
    }

    /** The same figures with the window last. */
    public static int[] inside(int[] figures) {
        return new int[] {figures[0], figures[1], figures[4], figures[5], figures[2], figures[3]};
    }
}
