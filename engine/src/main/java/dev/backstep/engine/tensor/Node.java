package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;
import java.util.ArrayList;
import java.util.List;

/** A function of the backward graph: takes the gradients of its forward outputs, gives those of its forward inputs. */
public abstract class Node {
    private final long sequence;
    private final Object scope;
    private final Node[] next;
    /** Which output of the next node each input was; null where all were the first. */
    private final int[] nextNr;

    /** The state of the {@link Backward} that met this node last; see there. */
    Backward.Task task;

    /** Makes the backward node of a call with these inputs. */
    Node(ThreadState state, Tensor[] inputs) {
        sequence = state.sequence++;
        scope = state.scope;
        next = new Node[inputs.length];
        int[] numbers = null;
        for (int k = 0; k < inputs.length; k++) {
            next[k] = inputs[k].gradientNode();
            if (inputs[k].outputNr() != 0) {
                numbers = numbers == null ? new int[inputs.length] : numbers;
                numbers[k] = inputs[k].outputNr();
            }
        }
        nextNr = numbers;
    }

    /** Makes an end of the graph, which runs as soon as it may. */
    Node(ThreadState state) {
        sequence = Long.MAX_VALUE;
        scope = state.scope;
        next = new Node[0];
        nextNr = null;
    }

    /** PyTorch's name, such as {@code MulBackward0}. */
    public abstract String name();

    /** PyTorch's {@code next_functions}: one entry for each forward input that has a derivative, in order. */
    public final List<Edge> next() {
        List<Edge> edges = new ArrayList<>();
        for (int k = 0; k < next.length; k++) {
            if (hasDerivative(k)) {
                edges.add(new Edge(next[k], nextNr(k)));
            }
        }
        return edges;
    }

    /** Whether a gradient can go to input {@code k} at all; one never goes to an index or a condition. */
    boolean hasDerivative(int k) {
        return true;
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
    abstract Tensor[] apply(ThreadState state, Tensor[] gradients);

    /** Frees what was saved for backward. */
    void release() {
    }

    /** How many inputs the forward call had. */
    public final int inputCount() {
        return next.length;
    }

    /** The node that made input {@code k}, or null for one that needs no gradient. */
    final Node next(int k) {
        return next[k];
    }

    /** Which output of that node the input was. */
    final int nextNr(int k) {
        return nextNr == null ? 0 : nextNr[k];
    }

    @Override
    public String toString() {
        return name();
    }
}
