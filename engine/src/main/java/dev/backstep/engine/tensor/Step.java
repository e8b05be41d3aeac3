package dev.backstep.engine.tensor;

/**
 * What one node did in backward.
 *
 * @param incoming the gradient of each forward output, null where none arrived
 * @param raw what the derivative gave for each forward input, null where none is needed
 * @param outgoing the same after the sum over what broadcasting repeated; null where {@code raw} is
 * @param sums where each outgoing gradient went, in the order it happened; for an {@link AccumulateGrad} one entry,
 *         its leaf's {@code .grad}
 */
public record Step(Node node, Tensor[] incoming, Tensor[] raw, Tensor[] outgoing, Accumulation[] sums) {
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
}
