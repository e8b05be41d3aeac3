package dev.backstep.engine.step;

/**
 * How far a run that is being computed has come.
 *
 * @param box the id of the box that comes next, or null where it is none of the document's
 * @param done how many parts of the phase are done
 * @param total how many parts the phase has at most
 */
public record Progress(Phase phase, String box, int done, int total) {
    /** What is being computed; ACT is an action that is computed in one. */
    public enum Phase { LEAVES, FORWARD, BACKWARD, ACT }
}
