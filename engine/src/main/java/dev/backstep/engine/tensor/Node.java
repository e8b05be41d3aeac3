package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;
import java.util.ArrayList;
import java.util.List;

/** A function of the backward graph: takes the gradients of its forward outputs, gives those of its forward inputs. */
public abstract class Node {
    /** What Python calls a hook that was given no name. */
    static final String NAMELESS = "<lambda>";

    private final long sequence;
    private final Object scope;
    private final int inputCount;
    // Most calls have one input or two: an array would cost a graph of single numbers a fifth of its memory.
    private final Node first;
    private final Node second;
    private final Node[] others;
    /** Which output of the next node each input was; null where all were the first. */
    private final int[] nextNr;

    /** The state of the {@link Backward} that met this node last; see there. */
    Backward.Task task;

    /** Hooks and tensors that retain their gradient, or null. */
    NodeHooks hooks;

    /** Makes the backward node of a call with these inputs. */
    Node(ThreadState state, Tensor[] inputs) {
        sequence = state.sequence++;
        scope = state.scope;
        inputCount = inputs.length;
        first = inputCount > 0 ? inputs[0].gradientNode() : null;
        second = inputCount > 1 ? inputs[1].gradientNode() : null;
        others = inputCount > 2 ? new Node[inputCount - 2] : null;
        for (int k = 2; k < inputCount; k++) {
            others[k - 2] = inputs[k].gradientNode();
        }
        int[] numbers = null;
        for (int k = 0; k < inputCount; k++) {
            if (inputs[k].outputNr() != 0) {
                numbers = numbers == null ? new int[inputCount] : numbers;
                numbers[k] = inputs[k].outputNr();
            }
        }
        nextNr = numbers;
    }

    /** Makes a node whose edges are another's, but for the first. */
    Node(ThreadState state, Edge first, Node like) {
        sequence = state.sequence++;
        scope = state.scope;
        inputCount = like.inputCount;
        this.first = first.node();
        second = like.second;
        others = like.others;
        nextNr = like.nextNr == null && first.inputNr() == 0 ? null : new int[inputCount];
        for (int k = 0; nextNr != null && k < inputCount; k++) {
            nextNr[k] = k == 0 ? first.inputNr() : like.nextNr(k);
        }
    }

    /** Makes an end of the graph, which runs as soon as it may. */
    Node(ThreadState state) {
        sequence = Long.MAX_VALUE;
        scope = state.scope;
        inputCount = 0;
        first = null;
        second = null;
        others = null;
        nextNr = null;
    }

    /** PyTorch's name, such as {@code MulBackward0}. */
    public abstract String name();

    /** The name in refusals, where PyTorch has C++'s namespace before the few names that Python shows without. */
    String fullName() {
        return name();
    }

    /** PyTorch's {@code next_functions}: one entry for each forward input that has a derivative, in order. */
    public final List<Edge> next() {
        List<Edge> edges = new ArrayList<>();
        for (int k = 0; k < inputCount; k++) {
            if (hasDerivative(k)) {
                edges.add(new Edge(next(k), nextNr(k)));
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

    /**
     * The tensors it keeps for backward, inputs first. Once they are freed their names are still told, and no more; a
     * node of an op whose derivative needs nothing, such as {@code add}, keeps none.
     */
    public List<SavedTensor> saved() {
        return List.of();
    }

    /** Whether it kept tensors, and backward has let go of them. */
    public boolean isFreed() {
        return false;
    }

    /** How many inputs the forward call had. */
    public final int inputCount() {
        return inputCount;
    }

    /** The node that made input {@code k}, or null for one that needs no gradient. */
    final Node next(int k) {
        return k == 0 ? first : k == 1 ? second : others[k - 2];
    }

    /** Which output of that node the input was. */
    final int nextNr(int k) {
        return nextNr == null ? 0 : nextNr[k];
    }

    NodeHooks hooks() {
        if (hooks == null) {
            hooks = new NodeHooks();
        }
        return hooks;
    }

    /** Sees what a node is about to send on; see {@link #registerHook(Hook)}. */
    @FunctionalInterface
    public interface Hook {
        /**
         * @param gradInputs one for each entry of {@link #next()}, null where there is none
         * @param gradOutputs what the node got
         * @return what to send on instead, as many; null leaves all as it is
         */
        Tensor[] apply(Tensor[] gradInputs, Tensor[] gradOutputs);
    }

    /** Sees what a node is about to take in; see {@link #registerPrehook(Prehook)}. */
    @FunctionalInterface
    public interface Prehook {
        /** @return what to take in instead, as many; null leaves all as it is */
        Tensor[] apply(Tensor[] gradOutputs);
    }

    /** {@code Node.register_hook}: called each time the node has run; may replace what it sends on. */
    public final RemovableHandle registerHook(Hook hook) {
        return registerHook(NAMELESS, hook);
    }

    /** The same under the name that a refusal calls it by. */
    public final RemovableHandle registerHook(String name, Hook hook) {
        return hooks().hook(name, hook);
    }

    /** {@code Node.register_prehook}: called each time before the node runs; may replace what it gets. */
    public final RemovableHandle registerPrehook(Prehook hook) {
        return registerPrehook(NAMELESS, hook);
    }

    /** The same under the name that a refusal calls it by. */
    public final RemovableHandle registerPrehook(String name, Prehook hook) {
        return hooks().prehook(name, hook);
    }

    @Override
    public String toString() {
        return name();
    }
}
