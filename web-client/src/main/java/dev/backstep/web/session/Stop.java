package dev.backstep.web.session;

/**
 * Why one stopped at a step.
 *
 * @param step the step behind the event that was the cause
 * @param box the box it happened at, or null
 */
public record Stop(int step, Cause cause, String box) {
    /** The breakpoint's condition, those told first that say more. */
    public enum Cause { REFUSED, NOT_FINITE, NORM, NODE }
}
