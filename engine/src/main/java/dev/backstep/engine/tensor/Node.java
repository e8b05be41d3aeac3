package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;
import java.util.List;

/** A function of the backward graph: takes the gradients of its forward outputs, gives those of its forward inputs. */
public abstract class Node {
    private final long sequence;
    private final Object scope;
    private final Edge[] next;
    private final Edge toFirst = new Edge(this, 0);

    /** The state of the {@link Backward} that met this node last; see there. */
    Backward.Task task;

    Node(long sequence, Object scope, Edge[] next) {
        this.sequence = sequence;
        this.scope = scope;
        this.next = next;
    }

    /** PyTorch's name, such as {@code MulBackward0}. */
    public abstract String name();

    /** One entry for each forward input, in order. */
    public final List<Edge> next() {
        return List.of(next);
    }

    /** When it was made: nodes with higher numbers run earlier. */
    public final long sequence() {
        return sequence;
    }

    /** What {@link Tape#scope} named as the maker, or null. */
    public final Object scope() {
        return scope;
    }

    /** How many gradients it takes. */
    public abstract int outputs();

    /** Shape of the forward output whose gradient it takes as number {@code nr}. */
    abstract int[] outputShape(int nr);

    abstract DType outputType(int nr);

    /** Gradients of the inputs from those of the outputs; null stands for none, on both sides. */
    abstract Tensor[] apply(Tensor[] gradients);

    /** Frees what was saved for backward. */
    void release() {
    }

    /** The edge that leads to this node from a user of its output. */
    final Edge edgeTo(int outputNr) {
        return outputNr == 0 ? toFirst : new Edge(this, outputNr);
    }

    final Edge[] edges() {
        return next;
    }

    @Override
    public String toString() {
        return name();
    }
}
