package dev.backstep.engine.tensor;

/**
 * Where a node sends the gradient of one of its inputs: PyTorch's entry of {@code next_functions}.
 *
 * @param node the node that made the input, or null for an input that needs no gradient
 * @param inputNr which output of that node the input was
 */
public record Edge(Node node, int inputNr) {
}
