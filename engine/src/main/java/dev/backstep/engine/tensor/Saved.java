package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;

/** What a derivative may look at: the tensors its op declared as saved, and the shapes of all inputs. */
interface Saved {
    /** Input {@code i}, which the derivative's rule declared that it needs. */
    Tensor in(int i);

    /** Output {@code i}, likewise. */
    Tensor out(int i);

    /** The gradient of output {@code i}; zeros where none arrived. */
    Tensor grad(int i);

    /** Shape and type of input {@code i}. */
    Meta inMeta(int i);

    /** Shape and type of output {@code i}. */
    Meta outMeta(int i);

    Attrs attrs();

    default int[] shape(int i) {
        return inMeta(i).shape();
    }

    default Tensor out() {
        return out(0);
    }
}
