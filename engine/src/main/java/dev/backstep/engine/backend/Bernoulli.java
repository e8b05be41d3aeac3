package dev.backstep.engine.backend;

/**
 * Numbers to draw: ones with a probability, else zeros. Each takes 53 bits of two words, the higher first, as a float64
 * of [0, 1) does.
 *
 * @param twister whose next words they take
 * @param count how many numbers
 */
public record Bernoulli(MersenneTwister twister, int count, double probability) {
    /** How many words a number takes. */
    public static final int WORDS = 2;
    /** What counts of the higher word. */
    public static final int UPPER_BITS = 0x1fffff;

    /** Draws them. */
    public double[] draw() {
        long below = below(probability);
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            int high = twister.next();
            numbers[i] = bits(high, twister.next()) < below ? 1 : 0;
        }
        return numbers;
    }

    /** The 53 bits that two words make. */
    public static long bits(int high, int low) {
        return (long) (high & UPPER_BITS) << 32 | low & 0xffffffffL;
    }

    /** A number is one where its 53 bits are below these. */
    public static long below(double probability) {
        return (long) Math.ceil(probability * 0x1p53);
    }
}
