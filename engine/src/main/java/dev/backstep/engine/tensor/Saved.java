package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;

/**
 * What the derivative of one input may look at: the tensors its rule declared that it reads, and the shapes of all.
 *
 * @param node the node that kept them
 * @param input which input the derivative is asked for
 * @param gradients what arrived for each output
 */
record Saved(OpNode node, int input, Tensor[] gradients) {
    /** Input {@code i}, which the rule declared that it reads. */
    Tensor in(int i) {
        return node.in(i);
    }

    /** Whether the call had an input {@code i}: the last may be left out. */
    boolean has(int i) {
        return i < node.inputs().length;
    }

    /** Output {@code i}, likewise. */
    Tensor out(int i) {
        return node.out(i);
    }

    /** The first output, likewise. */
    Tensor out() {
        return node.out(0);
    }

    /** The gradient of output {@code i}; zeros where none arrived. */
    Tensor grad(int i) {
        return gradients[i] != null ? gradients[i] : Tensor.zeros(node.outputShape(i), node.outputType(i));
    }

    /** Shape and type of input {@code i}. */
    Meta inMeta(int i) {
        return node.inputs()[i];
    }

    /** Shape of input {@code i}. */
    int[] shape(int i) {
        return node.inputs()[i].shape();
    }

    /** Whether input {@code i} was a matrix that lay column by column. */
    boolean isColumnMajor(int i) {
        return node.isColumnMajor(i);
    }

    Attrs attrs() {
        return node.attrs();
    }
}
