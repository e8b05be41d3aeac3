package dev.backstep.engine.backend;

import java.util.Arrays;

/**
 * The Mersenne twister MT19937 of M. Matsumoto and T. Nishimura (ACM Transactions on Modeling and Computer Simulation
 * 8, 1998). Its words follow from the {@link #SIZE} before by {@link #follow}, and are tempered when they are given out;
 * so others may make them too, beginning with {@link #ahead}.
 */
public final class MersenneTwister {
    /** How many words the next ones follow from. */
    public static final int SIZE = 624;
    /** A word follows from those {@link #SIZE}, one less, and this many places before it. */
    public static final int NEAR = 227;
    private static final int UPPER = 0x80000000;

    private final int[] state = new int[SIZE];
    /** How many words of the state were given out. */
    private int next;
    /** How many more were given out than the state has: those who gave them made them elsewhere. */
    private long owed;

    /** Starts anew from 32 bits. */
    public void seed(int seed) {
        state[0] = seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
        next = SIZE;
        owed = 0;
    }

    /** From here on gives the same words as another. */
    public void set(MersenneTwister other) {
        System.arraycopy(other.state, 0, state, 0, SIZE);
        next = other.next;
        owed = other.owed;
    }

    /**
     * Goes on from such a state.
     *
     * @param words of the state
     * @param given how many of them were given out
     */
    public void set(int[] words, int given) {
        System.arraycopy(words, 0, state, 0, SIZE);
        next = given;
        owed = 0;
    }

    /** Whether it stands where another stands; of two that differ in what they owe it does not find out. */
    public boolean isAt(MersenneTwister other) {
        return next == other.next && owed == other.owed && Arrays.equals(state, other.state);
    }

    /** The words of the state. */
    public int[] words() {
        settle();
        return state.clone();
    }

    /** How many of {@link #words()} were given out. */
    public int given() {
        settle();
        return next;
    }

    /** The next words it will give, before they are tempered. */
    public int[] ahead() {
        settle();
        int[] words = Arrays.copyOf(state, next + SIZE);
        for (int i = SIZE; i < words.length; i++) {
            words[i] = follow(words, i);
        }
        return Arrays.copyOfRange(words, next, next + SIZE);
    }

    /** The next word. */
    public int next() {
        if (next == SIZE) {
            settle();
            if (next == SIZE) {
                twist();
                next = 0;
            }
        }
        return temper(state[next++]);
    }

    /** Goes on as if so many words were given out. It costs nothing before one is asked for. */
    public void skip(long count) {
        owed += count;
        long here = Math.min(owed, SIZE - next);
        next += (int) here;
        owed -= here;
    }

    /** Makes up for what it has skipped. */
    public void settle() {
        while (owed > 0) {
            twist();
            next = (int) Math.min(owed, SIZE);
            owed -= next;
        }
    }

    private void twist() {
        int far = SIZE - NEAR;
        for (int i = 0; i < NEAR; i++) {
            state[i] = state[i + far] ^ mix(state[i], state[i + 1]);
        }
        for (int i = NEAR; i < SIZE - 1; i++) {
            state[i] = state[i - NEAR] ^ mix(state[i], state[i + 1]);
        }
        state[SIZE - 1] = state[far - 1] ^ mix(state[SIZE - 1], state[0]);
    }

    private static int mix(int first, int second) {
        int y = first & UPPER | second & ~UPPER;
        return y >>> 1 ^ -(y & 1) & 0x9908b0df;
    }

    /** The word at that place, of those before it. */
    public static int follow(int[] words, int at) {
        return words[at - NEAR] ^ mix(words[at - SIZE], words[at - SIZE + 1]);
    }

    /** A word as it is given out. */
    public static int temper(int word) {
        int y = word ^ word >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }
}
