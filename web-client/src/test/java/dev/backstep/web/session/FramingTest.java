package dev.backstep.web.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.engine.tensor.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers opened into their parts and closed again, in the templates. */
class FramingTest {
    @ParameterizedTest
    @ValueSource(strings = {"line-by-linear", "xor", "spiral", "iris", "digits-mlp", "digits-convolution",
        "gradient-accumulation", "frozen-layer"})
    void whatStandsAroundALayerMakesWayForItsParts(String template) throws IOException {
        Graph before = SharedRun.read(Files.readString(Path.of("../static/examples/" + template + ".json"))).graph();
        List<GraphNode> layers = before.nodes().stream().filter(LayerFrame::is).toList();
        assertFalse(layers.isEmpty());
        Graph open = before;
        for (GraphNode layer : layers) {
            assertTrue(Framing.isCollapsed(layer));
            open = open.with(Framing.collapse(open, layer.id(), false));
        }
        List<GraphNode> boxes = open.nodes().stream()
                .filter(node -> NodeTypes.of(node).group() != Group.NOTE).toList();
        for (GraphNode a : boxes) {
            for (GraphNode b : boxes) {
                boolean apart = Math.abs(a.x() - b.x()) >= 200 || Math.abs(a.y() - b.y()) >= 120;
                assertTrue(a == b || apart, () -> a.label() + " and " + b.label());
            }
        }
        Graph closed = open;
        for (GraphNode layer : layers) {
            closed = closed.with(Framing.collapse(closed, layer.id(), true));
        }
        assertEquals(before, closed);
    }
}
