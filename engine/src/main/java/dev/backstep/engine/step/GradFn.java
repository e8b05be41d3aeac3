package dev.backstep.engine.step;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.AccumulateGrad;
import dev.backstep.engine.tensor.Node;
import java.util.List;

/**
 * A node of the backward graph as it was when it came into the run.
 *
 * @param id its place among the nodes of the run, in the order they came
 * @param made the first step at which it exists
 * @param maker the node whose run in backward made it ({@code create_graph}); null for a node made by forward
 * @param storey 0 for what forward made, 1 for what was made while its gradients were computed, and so on
 * @param variable the leaf of the document whose gradient it accumulates, or null
 * @param saved what it kept for backward then
 */
public record GradFn(int id, Node node, int made, GradFn maker, int storey, Port variable, List<Kept> saved) {
    /**
     * A tensor that a node kept.
     *
     * @param name PyTorch's name of it, such as {@code _saved_self}
     * @param source the tensor of the document that it is, or null
     * @param version the version its memory had
     * @param bytes bytes of its elements
     * @param memory what it keeps alive, perhaps together with others
     */
    public record Kept(String name, Port source, int[] shape, DType dtype, int version, long bytes, Buffer memory) {}

    /** PyTorch's name of the node. */
    public String name() {
        return node.name();
    }

    /** The box whose call made it, or null. A leaf's own node belongs to the leaf's box. */
    public String box() {
        return variable != null ? variable.node() : maker != null ? null : (String) node.scope();
    }

    public boolean isAccumulateGrad() {
        return node instanceof AccumulateGrad;
    }

    /** Nodes are the same where their node is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof GradFn fn && fn.node == node;
    }

    @Override
    public int hashCode() {
        return node.hashCode();
    }
}
