package dev.backstep.engine.step;

/** A stretch of a run that is computed part by part: leaves, the ops of a forward, the nodes of a backward. */
interface Stretch {
    /** Whether a part is left. */
    boolean hasNext();

    /** Computes the next part. */
    void next();

    /** What the next part is, and how many were before it. */
    Progress progress();
}
