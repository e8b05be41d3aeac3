package dev.backstep.web.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.Note;
import dev.backstep.engine.graph.SafeJson;
import dev.backstep.web.train.SweepPlan.Axis;
import dev.backstep.web.train.TypedValues.Flaw;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can vary in a document, how its values are typed, and what a server is then asked for. */
class SweepPlanTest {
    private static final Graph GRAPH = mlp("""
            {"format":1,"nodes":[
            {"id":"d","type":"data","label":"data","attrs":{"source":"xor"}},
            {"id":"opt","type":"Adam","label":"adam","attrs":{"lr":0.02}},
            {"id":"loop","type":"loop","label":"loop","attrs":{"seed":5}}],"wires":[]}""", "MLP(2, 8, 8, 1, tanh)");

    private static Graph mlp(String document, String layer) {
        Graph graph = GraphJson.read(document);
        return graph.with(LayerFrame.insert(graph, layer, 3, 0, 0));
    }

    private static Knob knob(String name) {
        return Knob.of(GRAPH).all().stream().filter(knob -> knob.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<String> names(List<Knob> knobs) {
        return knobs.stream().map(Knob::name).toList();
    }

    @Test
    void offersRateWidthAndSeedFirst() {
        Knob.Choice choice = Knob.of(GRAPH);
        assertEquals(List.of("adam.lr", "mlp1.width", "seed"), names(choice.suggested()));
        assertEquals(List.of(0.02, 8.0, 5.0), choice.suggested().stream().map(Knob::now).toList());
        List<String> others = names(choice.others());
        assertTrue(others.containsAll(List.of("adam.eps", "adam.weight_decay", "data.batch_size", "loop.epochs")),
                others::toString);
        assertFalse(others.contains("adam.lr"));
    }

    @Test
    void offersNoWidthWhereTheFrameIsNoMlpOrHoldsOtherBoxes() {
        String empty = "{\"format\":1,\"nodes\":[],\"wires\":[]}";
        for (String layer : List.of("Linear(2, 8)", "MLP(2, 1, tanh)", "Sequential(Linear(2, 8), Tanh())")) {
            assertEquals(List.of("seed"), names(Knob.of(mlp(empty, layer)).suggested()), layer);
        }
        JsonObject json = GraphJson.toJson(mlp(empty, "MLP(2, 4, 1, relu)"));
        assertEquals(List.of("mlp1.width", "seed"), names(Knob.of(GraphJson.read(json, "")).suggested()));
        JsonArray nodes = json.getArray("nodes");
        nodes.getObject(nodes.size() - 1).getObject("attrs").getArray("members").remove(0);
        assertEquals(List.of("seed"), names(Knob.of(GraphJson.read(json, "")).suggested()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "adam.lr | 0.1, 0.03, 1e-2 | 0.1 0.03 0.01", "adam.lr | .5;-2 | 0.5 -2.0", "seed | 0 1  2, | 0.0 1.0 2.0",
        "mlp1.width | 16，32 | 16.0 32.0"})
    void readsValues(String name, String text, String expected) {
        TypedValues typed = TypedValues.read(text, knob(name));
        assertEquals(null, typed.flaw());
        assertEquals(expected, String.join(" ", typed.values().stream().map(String::valueOf).toList()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "adam.lr | '' | EMPTY | ''", "adam.lr | ' , ' | EMPTY | ''", "adam.lr | 0.1, x | NUMBER | x",
        "adam.lr | 1d | NUMBER | 1d", "adam.lr | 1e999 | NUMBER | 1e999", "adam.lr | 1.2.3 | NUMBER | 1.2.3",
        "adam.lr | 0.1, 0.10 | TWICE | 0.10", "adam.lr | 0, -0 | TWICE | -0", "seed | 1.5 | WHOLE | 1.5",
        "seed | 1e17 | WHOLE | 1e17", "mlp1.width | 4, 0 | WIDTH | 0"})
    void saysWhatIsWrong(String name, String text, Flaw flaw, String word) {
        TypedValues typed = TypedValues.read(text, knob(name));
        assertEquals(flaw, typed.flaw());
        assertEquals(word, typed.word());
        assertEquals(List.of(), typed.values());
    }

    @Test
    void asksForAllCombinations() {
        SweepPlan plan = new SweepPlan(GRAPH, List.of(new Axis(knob("seed"), List.of(0.0, 1.0, 2.0)),
                new Axis(knob("adam.lr"), List.of(0.1, 0.03)), new Axis(knob("data.batch_size"), List.of(8.0, 16.0))));
        assertEquals(12, plan.runs());
        JsonObject request = SafeJson.parse(plan.request());
        assertEquals(GraphJson.toJson(GRAPH).toString(), request.getObject("document").toString());
        assertEquals("[0, 1, 2]", request.getArray("seeds").toString());
        JsonObject rate = request.getArray("axes").getObject(0);
        assertEquals("adam.lr", rate.getString("name"));
        assertEquals("{node=opt, attr=lr}", rate.getArray("of").getObject(0).toString().replace("attr=lr, node=opt",
                "node=opt, attr=lr"));
        assertEquals("[0.1, 0.03]", rate.getArray("values").toString());
        assertEquals("[8, 16]", request.getArray("axes").getObject(1).getArray("values").toString());
        assertEquals(2, request.getArray("axes").size());
    }

    /** What the axis sets, put into the document, is the layer as one would have made it with that width. */
    @Test
    void aWidthSetsAllThatFollowsFromIt() {
        List<Double> widths = List.of(4.0, 8.0, 32.0);
        SweepPlan plan = new SweepPlan(GRAPH, List.of(new Axis(knob("mlp1.width"), widths)));
        JsonObject axis = SafeJson.parse(plan.request()).getArray("axes").getObject(0);
        for (int i = 0; i < widths.size(); i++) {
            JsonObject document = SafeJson.parse(plan.request()).getObject("document");
            for (int t = 0; t < axis.getArray("of").size(); t++) {
                set(document, axis.getArray("of").getObject(t), axis.getArray("values").getArray(i).get(t));
            }
            Graph changed = GraphJson.read(document, "");
            int width = widths.get(i).intValue();
            String text = "MLP(2, " + width + ", " + width + ", 1, tanh)";
            List<GraphNode> made = LayerFrame.insert(Graph.EMPTY, text, 3, 0, 0).added();
            GraphNode frame = changed.nodes().stream().filter(LayerFrame::is).findFirst().orElseThrow();
            assertEquals(text, LayerFrame.layer(frame));
            List<String> members = Note.members(frame);
            for (int m = 0; m < members.size(); m++) {
                GraphNode member = changed.node(members.get(m));
                for (String name : made.get(m).attrs().names()) {
                    assertEquals(made.get(m).attrs().without(name).with(name, member.attrs().get(name)),
                            made.get(m).attrs(), member.label() + "." + name);
                }
            }
        }
        // By hand: after 4 x 2 and 4 numbers comes the second layer's weight, 4 x 4 in ±1/2.
        String second = "mlp1.2.weight";
        for (int t = 0; t < axis.getArray("of").size(); t++) {
            JsonObject target = axis.getArray("of").getObject(t);
            if (GRAPH.node(target.getString("node")).label().equals(second)) {
                Object value = axis.getArray("values").getArray(0).get(t);
                switch (target.getString("attr")) {
                    case "size" -> assertEquals("[4, 4]", value.toString());
                    case "drawn" -> assertEquals(12, ((Number) value).intValue());
                    case "from" -> assertEquals(-0.5, ((Number) value).doubleValue(), 1e-12);
                    default -> assertEquals(0.5, ((Number) value).doubleValue(), 1e-12);
                }
            }
        }
    }

    private static void set(JsonObject document, JsonObject target, Object value) {
        for (Object entry : document.getArray("nodes")) {
            JsonObject node = (JsonObject) entry;
            if (node.getString("id").equals(target.getString("node"))) {
                node.getObject("attrs").put(target.getString("attr"), value);
            }
        }
    }

    @Test
    void aSingleWidthThatTheDocumentHasChangesNothing() {
        SweepPlan plan = new SweepPlan(GRAPH, List.of(new Axis(knob("mlp1.width"), List.of(8.0))));
        JsonObject axis = SafeJson.parse(plan.request()).getArray("axes").getObject(0);
        assertEquals(1, axis.getArray("of").size());
        assertEquals("[MLP(2, 8, 8, 1, tanh)]", axis.getArray("values").toString());
    }
}
