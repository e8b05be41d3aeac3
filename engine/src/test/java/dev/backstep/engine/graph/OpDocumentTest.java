package dev.backstep.engine.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Ops;
import dev.backstep.engine.tensor.Sample;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every op of the palette on every sample, drawn as a document: it reads back as written, and runs to the same. */
class OpDocumentTest {
    @TestFactory
    Stream<DynamicTest> everyOpAsADocument() {
        List<Op> ops = Ops.all().stream().filter(op -> op.group() != null).toList();
        assertTrue(ops.size() > 60, () -> "only " + ops.size() + " ops");
        return ops.stream().flatMap(op -> IntStream.range(0, op.samples().size())
                .filter(i -> drawable(op, op.samples().get(i)))
                .mapToObj(i -> DynamicTest.dynamicTest(op.type() + " " + i, () -> check(op, op.samples().get(i)))));
    }

    /** A box has one port for each named input, and nested lists cannot tell the shape [0, 3] from [0]. */
    private static boolean drawable(Op op, Sample sample) {
        return (op.variadic() || sample.inputs().size() <= op.inputs().size())
                && sample.inputs().stream().allMatch(input -> input.numel() > 0);
    }

    private static void check(Op op, Sample sample) {
        List<GraphNode> nodes = new ArrayList<>();
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < sample.inputs().size(); i++) {
            Tensor input = sample.inputs().get(i).contiguous();
            nodes.add(new GraphNode("in" + i, "tensor", "in" + i,
                    Leaf.attrs(Nested.of(input), input.dtype(), sample.wantsGradient(i)), 0, 0));
            wires.add(new Wire(new Port("in" + i, 0), new Port("op", i)));
        }
        nodes.add(new GraphNode("op", op.type(), "op", sample.attrs(), 1, 2));
        Graph graph = Graph.of(nodes, wires, null);
        Graph read = GraphJson.read(GraphJson.write(graph));
        assertEquals(GraphJson.write(graph), GraphJson.write(read));
        assertEquals(sample.attrs().names(), read.node("op").attrs().names());

        GraphRunner runner = new GraphRunner(read);
        while (runner.hasNext()) {
            runner.next();
        }
        assertNull(runner.reason("op"));
        Tensor[] inputs = sample.inputs().stream().map(Tensor::contiguous).toArray(Tensor[]::new);
        Tensor[] direct = op.apply(sample.attrs(), inputs);
        for (int k = 0; k < direct.length; k++) {
            Tensor run = runner.at(new Port("op", k));
            assertEquals(direct[k].dtype(), run.dtype());
            assertArrayEquals(direct[k].shape(), run.shape());
            assertArrayEquals(direct[k].toDoubles(), run.toDoubles());
        }
    }
}
