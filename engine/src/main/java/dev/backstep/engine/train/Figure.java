package dev.backstep.engine.train;

/** What a run can be asked to tell besides its losses. */
public enum Figure {
    /** The prediction on a grid over the plane of two features: a decision boundary. */
    BOUNDARY,
    /** The prediction along the axis of one feature: a fitted line. */
    LINE,
    /** How many held-out samples of each class were taken for which. */
    CONFUSION,
    /** Some held-out samples with what was predicted of them. */
    PREDICTIONS,
    /** A histogram of each parameter and of its gradient. */
    HISTOGRAMS,
    /** The norm of each parameter's gradient. */
    NORMS
}
