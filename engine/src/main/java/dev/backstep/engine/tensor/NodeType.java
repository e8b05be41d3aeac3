package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import java.util.List;

/**
 * What a box of a graph document may be: an {@link Op}, a leaf, something that acts on autograd or on parameters, or
 * something that only stands there.
 */
public interface NodeType {
    /** What {@link #writes} says of most. */
    int[] NO_INPUTS = {};

    /** The name in documents, such as {@code matmul}; unique. */
    String type();

    /** PyTorch's name, such as {@code torch.matmul}. */
    String torch();

    /** Names of the inputs, in order. A variadic type has one, which stands for any number of them. */
    List<String> inputs();

    /** Whether the one input may be given any number of times, as in {@code cat}. */
    default boolean variadic() {
        return false;
    }

    /** How many of the first inputs a call must have; those after them may be left out from the end. */
    default int required() {
        return inputs().size();
    }

    /** Names of the outputs, in order. */
    List<String> outputs();

    /** The attributes a call may carry, in the order PyTorch lists them. */
    List<AttrSpec> attrs();

    /** The group of the palette it stands in, or null where it is not offered there. */
    Group group();

    /** A short sign for palette and box, such as {@code σ}. */
    String symbol();

    /**
     * Whether the box makes a tensor before anything runs and keeps it from one forward to the next, as a leaf does.
     */
    default boolean isLeaf() {
        return false;
    }

    /** The type as a box with these attributes has it, where the attributes decide about inputs and outputs. */
    default NodeType with(Attrs attrs) {
        return this;
    }

    /** Whether a call does something else while a network is trained ({@code train()}) than after it. */
    default boolean isModal() {
        return attrs().stream().anyMatch(attr -> attr.name().equals("training"));
    }

    /** Which inputs a call writes in place. */
    default int[] writes(Attrs attrs) {
        return NO_INPUTS;
    }

    /**
     * Shapes and types of the outputs, none for a box that computes nothing.
     *
     * @throws TorchError in the words in which {@link #apply} would refuse
     */
    Meta[] infer(Attrs attrs, Meta... in);

    /** Computes the outputs, none for a box that computes nothing, with one tensor for each connected input. */
    Tensor[] apply(Attrs attrs, Tensor... in);
}
