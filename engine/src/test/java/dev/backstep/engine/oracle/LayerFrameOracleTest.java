package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.GraphRunner;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** The leaves of layers hold the numbers that LibTorch's modules are made with, to the bit; so does a split. */
class LayerFrameOracleTest {
    private static final long SEED = 11;

    private interface Made {
        List<Module> make();
    }

    private static void same(String layer, Made made) {
        try (PointerScope _ = new PointerScope()) {
            torch.manual_seed(SEED);
            List<Module> modules = made.make();
            Graph graph = Graph.EMPTY.with(LayerFrame.insert(Graph.EMPTY, layer, SEED, 0, 0));
            GraphNode frame = graph.nodes().getLast();
            GraphRunner run = new GraphRunner(graph);
            List<GraphNode> parameters = LayerFrame.parameters(graph, frame);
            int at = 0;
            for (Module module : modules) {
                TensorVector theirs = module.parameters();
                for (long i = 0; i < theirs.size(); i++) {
                    GraphNode leaf = parameters.get(at++);
                    Tensor ours = run.at(new Port(leaf.id(), 0));
                    assertArrayEquals(Torch.values(theirs.get(i)), ours.toDoubles(), layer + " " + leaf.label());
                    assertArrayEquals(theirs.get(i).shape(), ours.shape().length == 0 ? new long[0]
                            : Arrays.stream(ours.shape()).asLongStream().toArray());
                }
            }
            assertEquals(parameters.size(), at);
        }
    }

    @Test
    void linear() {
        same("Linear(2, 8)", () -> List.of(new LinearImpl(2, 8)));
        same("Linear(64, 10)", () -> List.of(new LinearImpl(64, 10)));
    }

    @Test
    void mlpOfThreeLayers() {
        same("MLP(2, 8, 8, 1, tanh)",
                () -> List.of(new LinearImpl(2, 8), new LinearImpl(8, 8), new LinearImpl(8, 1)));
    }

    @Test
    void convolutionBeforeALinear() {
        same("Sequential(Unflatten(1, (1, 8, 8)), Conv2d(1, 4, 3, padding=1), ReLU(), MaxPool2d(2), Flatten(), "
                + "Linear(64, 10))",
                () -> List.of(new Conv2dImpl(1, 4, new LongPointer(3, 3)), new LinearImpl(64, 10)));
    }

    @Test
    void embeddingBeforeALinear() {
        same("Embedding(10, 3)", () -> List.of(new EmbeddingImpl(10, 3)));
        same("Sequential(Embedding(5, 4), Linear(4, 2))",
                () -> List.of(new EmbeddingImpl(5, 4), new LinearImpl(4, 2)));
        same("Sequential(Embedding(4, 3), Linear(3, 2))",
                () -> List.of(new EmbeddingImpl(4, 3), new LinearImpl(3, 2)));
        same("Sequential(Embedding(8, 4), Linear(4, 2))",
                () -> List.of(new EmbeddingImpl(8, 4), new LinearImpl(4, 2)));
    }

    /** The generator makes normal numbers in pairs, and keeps the second for whoever asks next, however late. */
    @Test
    void embeddingsOfOddSizesShareAPairOfNormalNumbers() {
        same("Sequential(Embedding(3, 1), Embedding(5, 1))",
                () -> List.of(new EmbeddingImpl(3, 1), new EmbeddingImpl(5, 1)));
        same("Sequential(Embedding(3, 1), Linear(4, 3), Embedding(4, 5), Embedding(3, 3), Embedding(1, 1))",
                () -> List.of(new EmbeddingImpl(3, 1), new LinearImpl(4, 3), new EmbeddingImpl(4, 5),
                        new EmbeddingImpl(3, 3), new EmbeddingImpl(1, 1)));
        same("Sequential(Embedding(3, 3), Embedding(2, 2), Linear(2, 2), Embedding(7, 1), Embedding(1, 1), "
                + "Embedding(15, 1))",
                () -> List.of(new EmbeddingImpl(3, 3), new EmbeddingImpl(2, 2), new LinearImpl(2, 2),
                        new EmbeddingImpl(7, 1), new EmbeddingImpl(1, 1), new EmbeddingImpl(15, 1)));
    }

    @Test
    void aSplitIsThatOfRandomSplit() {
        try (PointerScope _ = new PointerScope()) {
            Attrs attrs = NodeTypes.attrs(new GraphNode("d", "data", "data",
                    Attrs.of("source", "moons", "samples", 50, "seed", SEED, "train_share", 0.7), 0, 0));
            DataBox.Parts parts = DataBox.TYPE.parts(attrs);
            torch.manual_seed(SEED);
            double[] order = Torch.values(torch.randperm(50));
            double[] x = parts.whole().x().toDoubles();
            for (int i = 0; i < 50; i++) {
                double[] row = (i < 35 ? parts.train().batch(i) : parts.test().batch(i - 35))[0].toDoubles();
                assertArrayEquals(new double[] {x[2 * (int) order[i]], x[2 * (int) order[i] + 1]}, row);
            }
        }
    }

    @Test
    void generatedPlacesAreDrawnAsPyTorchDraws() {
        try (PointerScope _ = new PointerScope()) {
            Attrs attrs = NodeTypes.attrs(new GraphNode("d", "data", "data",
                    Attrs.of("source", "line", "samples", 40, "seed", SEED, "noise", 0.5), 0, 0));
            torch.manual_seed(SEED);
            double[] x = Torch.values(Torch.empty(DType.FLOAT32, 40).uniform_(-1, 1, null));
            double[] noise = Torch.values(Torch.empty(DType.FLOAT32, 40, 1).normal_(0, 0.5, null));
            assertArrayEquals(x, DataBox.TYPE.parts(attrs).whole().x().toDoubles());
            double[] y = DataBox.TYPE.parts(attrs).whole().y().toDoubles();
            for (int i = 0; i < 40; i++) {
                assertEquals(DType.FLOAT32.round(DType.FLOAT32.round(3 * x[i] + 2) + noise[i]), y[i]);
            }
        }
    }
}
