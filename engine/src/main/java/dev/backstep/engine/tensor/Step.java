package dev.backstep.engine.tensor;

import java.util.List;

/**
 * What one node did in backward.
 *
 * @param incoming the gradient of each forward output as the node got it, null where none arrived
 * @param raw what the derivative gave for each forward input, null where none is needed
 * @param outgoing the same after the sum over what broadcasting repeated, and after hooks; null where {@code raw} is
 * @param sums where each outgoing gradient went, in the order it happened; for an {@link AccumulateGrad} one entry,
 *         its leaf's {@code .grad}
 * @param hooks the calls of hooks, in the order they happened
 */
public record Step(Node node, Tensor[] incoming, Tensor[] raw, Tensor[] outgoing, Accumulation[] sums,
        List<HookCall> hooks) {
    /**
     * One gradient arriving.
     *
     * @param input which input of the step's node it is the gradient of
     * @param target the node it is for
     * @param targetNr which forward output of the target it is the gradient of
     * @param before what had arrived there already, or null
     * @param added the gradient
     * @param after the sum
     */
    public record Accumulation(int input, Node target, int targetNr, Tensor before, Tensor added, Tensor after) {
    }

    /**
     * A hook that saw a gradient.
     *
     * @param scope what {@link Tape#scope} named as the maker when the hook was registered, or null
     * @param nr which of the gradients: for a hook of the node which entry of {@link Node#next()}, otherwise which
     *         output of the node
     * @param before what it was given, null for none
     * @param after what it left; the same tensor where it replaced nothing
     */
    public record HookCall(Kind kind, Object scope, int nr, Tensor before, Tensor after) {
        /** What the hook hung on, in the order in which they are called. */
        public enum Kind {
            /** {@link Tensor#registerHook}. */
            TENSOR,
            /** {@link Node#registerPrehook}. */
            PREHOOK,
            /** {@link Node#registerHook}. */
            NODE,
            /** {@link Tensor#registerPostAccumulateGradHook}; it sees {@code .grad}. */
            POST_ACCUMULATE
        }
    }
}
