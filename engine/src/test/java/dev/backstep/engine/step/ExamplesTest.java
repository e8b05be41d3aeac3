package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Note;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.Group;
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

    /** The runs: the gradient at the step that each opens on, or in the end; numbers by hand. */
    @ParameterizedTest
    @CsvSource({
        "accumulate, true, w, 48",
        "accumulate, false, w, 24",
        "vector-backward, false, x, 2 0.4 0.06",
        "no-grad-and-detach, false, x, 18",
        "retain-grad, true, kept, 7.389056",
        "backward-twice, true, x, 218.39260",
        "backward-twice, false, x, 655.17780",
        "higher-derivatives, false, x, 24",
        "clipping, true, w, 0.222834 0.297112",
        "clipping, true, b, 0.928476",
    })
    void runsGiveTheirGradients(String id, boolean atItsStep, String tensor, String gradient) throws IOException {
        Playback playback = run(id).replay();
        int step = atItsStep ? playback.step() : playback.timeline().size();
        double[] expected = Arrays.stream(gradient.split(" ")).mapToDouble(Double::parseDouble).toArray();
        double[] actual = playback.timeline().gradAt(playback.graph().named(tensor), step).toDoubles();
        assertArrayEquals(expected, actual, 2e-6 * Math.max(1, Math.abs(expected[0])));
    }

    @ParameterizedTest
    @CsvSource({"higher-derivatives, first, 32", "higher-derivatives, second, 48", "higher-derivatives, third, 48"})
    void runsGiveTheirValues(String id, String tensor, double value) throws IOException {
        Playback playback = run(id).replay();
        assertEquals(value, playback.timeline().valueAt(playback.graph().named(tensor), playback.step()).item());
    }

    /** Those that are about a refusal open on it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "backward-twice | Trying to backward through the graph a second time",
        "in-place-refused | one of the variables needed for gradient computation has been modified by an inplace"})
    void refusalsAreWhereTheyOpen(String id, String text) throws IOException {
        Playback playback = run(id).replay();
        Event.Refused refused = assertInstanceOf(Event.Refused.class,
                playback.timeline().event(playback.step() - 1));
        assertTrue(refused.message().startsWith(text), refused::message);
    }

    @Test
    void trainingLearns() throws IOException {
        Playback line = run("linear-regression").replay();
        assertEquals(3, last(line, "w"), 0.1);
        assertEquals(2, last(line, "b"), 0.05);
        Playback perceptron = run("perceptron").replay();
        double first = perceptron.timeline().valueAt(perceptron.graph().named("loss"), 4).item();
        assertTrue(last(perceptron, "loss") < 0.7 * first, () -> first + " to " + last(perceptron, "loss"));
    }

    private static double last(Playback playback, String tensor) {
        return playback.timeline().valueAt(playback.graph().named(tensor), playback.timeline().size()).item();
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
            List<GraphNode> boxes = graph.nodes().stream()
                    .filter(node -> NodeTypes.of(node).group() != Group.NOTE).toList();
            for (GraphNode a : boxes) {
                for (GraphNode b : boxes) {
                    double[] one = place(graph, a);
                    double[] other = place(graph, b);
                    boolean apart = Math.abs(one[0] - other[0]) >= 220 || Math.abs(one[1] - other[1]) >= 120;
                    assertTrue(isOne(graph, a, b) || apart, () -> id + ": " + a.label() + " and " + b.label());
                }
            }
            for (Wire wire : graph.wires()) {
                GraphNode from = graph.node(wire.from().node());
                GraphNode to = graph.node(wire.to().node());
                assertTrue(isOne(graph, from, to) || place(graph, to)[0] - place(graph, from)[0] >= 220,
                        () -> id + ": " + wire);
            }
        }
    }

    /** Whether two boxes are the same, or lie in the same collapsed frame. */
    private static boolean isOne(Graph graph, GraphNode a, GraphNode b) {
        return a == b || hiding(graph, a) != null && hiding(graph, a) == hiding(graph, b);
    }

    private static GraphNode hiding(Graph graph, GraphNode node) {
        GraphNode frame = graph.frameOf(node.id());
        return frame != null && frame.attrs().flag("collapsed") ? frame : null;
    }

    /** Where a box is seen: one that a collapsed frame hides, where that stands. */
    private static double[] place(Graph graph, GraphNode node) {
        GraphNode frame = hiding(graph, node);
        double x = node.x();
        double y = node.y();
        for (String member : frame == null ? List.<String>of() : Note.members(frame)) {
            x = Math.min(x, graph.node(member).x());
            y = Math.min(y, graph.node(member).y());
        }
        return new double[] {x, y};
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

    /** An example that is a run. */
    static SharedRun run(String id) throws IOException {
        return SharedRun.read(Files.readString(FOLDER.resolve(id + ".json")));
    }

    static Graph read(String id) throws IOException {
        String text = Files.readString(FOLDER.resolve(id + ".json"));
        return text.contains("\"document\"") ? SharedRun.read(text).graph() : GraphJson.read(text);
    }
}
