package dev.backstep.engine.tensor;

/** The groups of the palette, in the order it shows them. */
public enum Group {
    LEAF, DATA, ARITHMETIC, FUNCTION, ACTIVATION, COMPARE, REDUCE, LINALG, SHAPE, LAYER, LOSS, AUTOGRAD, OPTIMIZER, LOOP,
    NOTE
}
