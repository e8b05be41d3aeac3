package dev.backstep.web.value;

import dev.backstep.engine.step.Health;

/** Norms of gradients on a scale of eleven levels, in the logarithm from vanished to exploded. */
public final class NormScale {
    /** The highest level; the lowest is 0. */
    public static final int TOP = 10;

    private static final double FROM = Math.log10(Health.TINY);
    private static final double TO = Math.log10(Health.HUGE);

    private NormScale() {}

    /** The level of a norm; one that is no number is above all. */
    public static int level(double norm) {
        return (int) Math.round(TOP * share(norm));
    }

    /** How far up the scale a norm lies, from 0 to 1. */
    public static double share(double norm) {
        return !Double.isFinite(norm) ? 1 : norm <= 0 ? 0 : Math.clamp((Math.log10(norm) - FROM) / (TO - FROM), 0, 1);
    }
}
