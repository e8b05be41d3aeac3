package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.BackwardGraph;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.GradFn;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Edge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.EdgeVector;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** The nodes and edges that a run's backward graph names, beside those that LibTorch can be walked through. */
class BackwardGraphOracleTest {
    private static final BackwardCall CREATE = new BackwardCall(null, null, false, true);

    /** sum(tanh(x w) x). */
    private static Playback ours() {
        Graph graph = new Sketch().parameter("x", List.of(0.5, -1.0)).parameter("w", List.of(2.0, 0.25))
                .op("y", "mul", "x", "w").op("t", "tanh", "y").op("p", "mul", "t", "x").op("loss", "sum", "p").graph();
        return Playback.forward(graph);
    }

    private static Tensor leaf(float... values) {
        return Tensor.create(values, values.length).set_requires_grad(true);
    }

    /** Each node that can be reached, with the names at the ends of its edges. */
    private static List<String> theirs(Tensor... tensors) {
        Map<Long, String> nodes = new HashMap<>();
        for (Tensor tensor : tensors) {
            if (tensor.grad_fn() != null) {
                walk(tensor.grad_fn(), nodes);
            }
        }
        return nodes.values().stream().sorted().toList();
    }

    private static void walk(Node node, Map<Long, String> nodes) {
        if (nodes.containsKey(node.address())) {
            return;
        }
        List<String> ends = new ArrayList<>();
        nodes.put(node.address(), "");
        EdgeVector edges = node.next_edges();
        for (long i = 0; i < edges.size(); i++) {
            if (edges.get(i).is_valid()) {
                walk(edges.get(i).function(), nodes);
                ends.add(Torch.name(edges.get(i).function()) + "." + edges.get(i).input_nr());
            } else {
                ends.add("-");
            }
        }
        nodes.put(node.address(), Torch.name(node) + ends);
    }

    private static List<String> ours(BackwardGraph graph, int step) {
        return graph.at(step).stream().map(BackwardGraphOracleTest::line).sorted().toList();
    }

    private static String line(GradFn fn) {
        List<String> ends = new ArrayList<>();
        for (Edge edge : fn.node().next()) {
            ends.add(edge.node() == null ? "-" : edge.node().name() + "." + edge.inputNr());
        }
        return fn.name() + ends;
    }

    /** Whether LibTorch has freed a node: it refuses to run one it has, and runs one that keeps nothing again. */
    private static boolean isFreed(Tensor output, Tensor input) {
        return Torch.refusal(() -> torch.grad(new TensorVector(output), new TensorVector(input),
                new TensorVector(torch.ones_like(output)), new BoolOptional(true), false, false)) != null;
    }

    private static void freed(boolean retain) {
        try (PointerScope _ = new PointerScope()) {
            Tensor x = leaf(0.5f, -1);
            Tensor w = leaf(2, 0.25f);
            Tensor y = x.mul(w);
            Tensor t = y.tanh();
            Tensor p = t.mul(x);
            Tensor loss = p.sum();
            loss.backward(new Tensor(), new BoolOptional(retain), false, new TensorArrayRefOptional());
            Map<String, Boolean> theirs = Map.of("y", isFreed(y, x), "t", isFreed(t, y), "p", isFreed(p, t),
                    "loss", isFreed(loss, p));
            Playback playback = ours();
            playback.act(new BackwardCall(null, null, retain, false));
            Timeline timeline = playback.timeline();
            Map<String, Boolean> ours = new HashMap<>(Map.of("y", false, "t", false, "p", false, "loss", false));
            for (int i = 0; i < timeline.size(); i++) {
                for (BackwardGraph.Freed freed : timeline.backwardGraph().freedIn(i)) {
                    assertEquals(freed.node().node(), ((Event.NodeRun) timeline.event(i)).node(), "as it runs");
                    ours.put(freed.node().box(), true);
                }
            }
            assertEquals(theirs, ours);
        }
    }

    @Test
    void nodesThatKeepSomethingAreFreedAsTheyRunButNotWithRetainGraph() {
        freed(false);
        freed(true);
    }

    @Test
    void bothStoreysAreLibTorchs() {
        try (PointerScope _ = new PointerScope()) {
            Tensor x = leaf(0.5f, -1);
            Tensor w = leaf(2, 0.25f);
            Tensor loss = x.mul(w).tanh().mul(x).sum();
            Playback playback = ours();
            BackwardGraph graph = playback.timeline().backwardGraph();
            assertEquals(theirs(loss), ours(graph, playback.step()));
            loss.backward(new Tensor(), new BoolOptional(), true, new TensorArrayRefOptional());
            playback.act(CREATE);
            assertEquals(theirs(loss, x.grad(), w.grad()), ours(graph, playback.timeline().size()));
        }
    }
}
