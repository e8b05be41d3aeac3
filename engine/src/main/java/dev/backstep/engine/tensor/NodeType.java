package dev.backstep.engine.tensor;

import java.util.List;

/** What a box of a graph document may be: an {@link Op}, or a leaf that holds typed-in numbers. */
public interface NodeType {
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
}
