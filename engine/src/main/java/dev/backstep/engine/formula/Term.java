package dev.backstep.engine.formula;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.Op;
import java.util.List;

/** A part of a formula. */
sealed interface Term {
    /** A number: a Long where it was written without a point, else a Double. */
    record Num(Number value) implements Term {
    }

    /** One of the tensors the formula speaks of, by its place among their names. */
    record Name(int index) implements Term {
    }

    /** A call of an op. */
    record Call(Op op, Attrs attrs, List<Term> in) implements Term {
    }

    /** A text, a truth, a list or None: what stands for an attribute and is no tensor. */
    record Literal(Object value) implements Term {
        static final Literal NONE = new Literal(null);
    }
}
