package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents in static/examples: their numbers, and that they can be seen well. */
class ExamplesTest {
    static final Path FOLDER = Path.of("../static/examples");

    @ParameterizedTest
    @CsvSource({
        "square-sum, 14, x, 2 4 6",
        "power-of-power, 64, x, 192",
        "scaled-parabola, 28, x, 12",
        "two-variables, 43, x, 10",
        "two-variables, 43, y, 31",
        "mean-of-squares, 27, x, 4.5 4.5 4.5 4.5",
        "product-and-square, 3, u, 4",
        "product-and-square, 3, v, 1",
        "square-of-sum, 9, x1, 6",
        "square-of-sum, 9, x2, 6",
        "sine-of-square, 0.841471, x, 1.080605",
        "log-of-square, 1.609438, x, 0.8",
        "cubic, 9, x, 15",
        "cube-of-square, 64, x, 96",
        "tanh-neuron, 0.462117, x, 1.572895",
        "tanh-neuron, 0.462117, w, 0.393224",
        "tanh-neuron, 0.462117, b, 0.786448",
    })
    void givesItsNumbers(String id, double value, String leaf, String gradient) throws IOException {
        Graph graph = read(id);
        Playback playback = Playback.forward(graph);
        playback.act(BackwardCall.PLAIN);
        Timeline timeline = playback.timeline();
        double[] expected =
                Arrays.stream(gradient.split(" ")).mapToDouble(Double::parseDouble).toArray();
        assertEquals(value, timeline.valueAt(graph.target(), timeline.size()).item(), 1e-6);
        Tensor grad = timeline.gradAt(graph.named(leaf), timeline.size());
        assertArrayEquals(expected, grad.toDoubles(), 1e-6);
        for (GraphNode node : graph.nodes()) {
            assertNull(playback.reason(node.id()));
        }
    }

    @Test
    void theIndexListsThemAll() throws IOException {
        Set<String> listed = new TreeSet<>();
        for (Object entry : index()) {
            JsonObject example = (JsonObject) entry;
            String id = example.getString("id");
            assertTrue(listed.add(id), id);
            assertEquals("example." + id + ".title", example.getString("title"));
            assertEquals("example." + id + ".text", example.getString("text"));
        }
        Set<String> there = new TreeSet<>();
        try (var files = Files.list(FOLDER)) {
            files.map(file -> file.getFileName().toString().replace(".json", "")).forEach(there::add);
        }
        there.remove("index");
        assertEquals(there, listed);
    }

    /** Boxes are about 170 x 110: none covers another, and every wire leads to the right. */
    @Test
    void boxesLieApart() throws IOException {
        for (Object entry : index()) {
            String id = ((JsonObject) entry).getString("id");
            Graph graph = read(id);
            assertNotNull(graph.target(), id);
            for (GraphNode a : graph.nodes()) {
                for (GraphNode b : graph.nodes()) {
                    boolean apart = Math.abs(a.x() - b.x()) >= 220 || Math.abs(a.y() - b.y()) >= 120;
                    assertTrue(a == b || apart, () -> id + ": " + a.label() + " and " + b.label());
                }
            }
            for (Wire wire : graph.wires()) {
                double dx = graph.node(wire.to().node()).x() - graph.node(wire.from().node()).x();
                assertTrue(dx >= 220, () -> id + ": " + wire);
            }
        }
    }

    /** What the documentation shows is read as it stands. */
    @Test
    void theDocumentationsOwnAreRead() throws IOException {
        String[] blocks = Files.readString(Path.of("../docs/document-format.md")).split("```");
        List<String> shown = new ArrayList<>();
        for (String block : blocks) {
            if (block.startsWith("json")) {
                shown.add(block.substring("json".length()));
            }
        }
        assertEquals(2, shown.size());
        assertEquals(3, GraphJson.read(shown.get(0)).nodes().size());
        SharedRun run = SharedRun.read(shown.get(1));
        assertEquals(7, run.step());
        assertEquals(List.of(new BackwardCall(null, 2.0, true, false), BackwardCall.PLAIN), run.actions());
    }

    static JsonArray index() throws IOException {
        try {
            return JsonParser.array().from(Files.readString(FOLDER.resolve("index.json")));
        } catch (JsonParserException broken) {
            throw new IOException(broken);
        }
    }

    static Graph read(String id) throws IOException {
        return GraphJson.read(Files.readString(FOLDER.resolve(id + ".json")));
    }
}
