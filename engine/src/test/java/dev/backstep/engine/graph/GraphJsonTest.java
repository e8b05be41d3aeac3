package dev.backstep.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import dev.backstep.engine.backend.DType;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GraphJsonTest {
    @Test
    void writesTheFormOfTheDocumentation() {
        Graph graph = new Sketch()
                .parameter("x", List.of(1.0, -0.5, Double.NaN, Double.NEGATIVE_INFINITY, 1e30, -0.0))
                .op("y", "sum", "x")
                .graph("y");
        String text = "{\"format\":1,\"nodes\":[{\"id\":\"x\",\"type\":\"tensor\",\"label\":\"x\",\"attrs\":{\"data\":"
                + "[1,-0.5,\"NaN\",\"-Infinity\",1.0E30,-0.0],\"dtype\":\"float32\",\"requires_grad\":true},"
                + "\"at\":[0,0]},{\"id\":\"y\",\"type\":\"sum\",\"label\":\"y\",\"at\":[0,0]}],"
                + "\"wires\":[{\"from\":[\"x\",0],\"to\":[\"y\",0]}],\"target\":[\"y\",0]}";
        assertEquals(text, GraphJson.write(graph));
        assertEquals(graph, GraphJson.read(text));
    }

    @Test
    void keepsNumbersAsTheirTypeDoes() {
        long big = (1L << 62) + 1;
        Graph graph = new Sketch()
                .leaf("i", List.of(big, -1L), DType.INT64, false)
                .leaf("b", List.of(true, false), DType.BOOL, false)
                .leaf("d", List.of(0.1, 4.9e-324, 1.7976931348623157e308), DType.FLOAT64, false)
                .graph();
        assertEquals(graph, GraphJson.read(GraphJson.write(graph)));
    }

    @Test
    void fillsInWhatMayBeLeftOut() {
        Graph graph = GraphJson.read("{\"format\":1,\"nodes\":[{\"id\":\"a\",\"type\":\"tanh\"},"
                + "{\"id\":\"b\",\"type\":\"tanh\"},{\"id\":\"c\",\"type\":\"tensor\",\"label\":\"tanh\"}]}");
        assertEquals("tanh", graph.node("a").label());
        assertEquals("tanh2", graph.node("b").label());
        assertEquals("tanh3", graph.node("c").label());
        assertEquals(graph, GraphJson.read(GraphJson.write(graph)));
    }

    @Test
    void labelsThatLookLikeHtmlAreText() {
        String label = "<img src=x onerror=alert(1)>&amp;\"'</script>";
        Graph graph = new Sketch().parameter("x", 1.0).graph();
        Graph labelled = graph.with(Edits.update(graph, List.of(graph.node("x").labelled(label))));
        Graph back = GraphJson.read(GraphJson.write(labelled));
        assertEquals(label, back.node("x").label());
    }

    @Test
    void refusesByPathAndSaysWhatToDo() {
        refuse("nodes[0].attrs.data[1]: ", node("'attrs':{'data':[1,'a']}"));
        refuse("nodes[0].attrs.data[1]: holds lists of different", node("'attrs':{'data':[[1,2],[3]]}"));
        refuse("nodes[0].attrs.data[1]: must be a number, as its neighbours are", node("'attrs':{'data':[1,[2]]}"));
        refuse("nodes[0].attrs.data[0]: must be a whole number", node("'attrs':{'data':[1.5],'dtype':'int64'}"));
        refuse("nodes[0].attrs.data: out of range", node("'attrs':{'data':1e999}"));
        refuse("nodes[0].attrs.data: out of range", node("'attrs':{'data':99999999999999999999,'dtype':'int64'}"));
        refuse("nodes[0].attrs.dtype: must be float32, float64", node("'attrs':{'dtype':'float16'}"));
        refuse("nodes[0].attrs.dat: not a field", node("'attrs':{'dat':1}"));
        refuse("nodes[0].at: must be two numbers", node("'at':[1]"));
        refuse("nodes[0].at[1]: out of range", node("'at':[0,1e7]"));
        refuse("nodes[0].label: no label", node("'label':'a\\u0000b'"));
        refuse("nodes[0].label: no label", node("'label':'\\ud800'"));
        refuse("nodes[0].colour: not a field", node("'colour':1"));
        refuse("nodes[0].type: \"tensr\" is no node type", "{'format':1,'nodes':[{'id':'a','type':'tensr'}]}");
        refuse("nodes[0].id: missing", "{'format':1,'nodes':[{'type':'tensor'}]}");
        refuse("nodes[0].id: \"a b\" is no id", "{'format':1,'nodes':[{'id':'a b','type':'tensor'}]}");
        refuse("nodes[1].id: \"a\" is the id of two", "{'format':1,'nodes':[{'id':'a','type':'tensor'},"
                + "{'id':'a','type':'tensor'}]}");
        refuse("wires[0].to: \"z\" is the id of no node", "{'format':1,'nodes':[{'id':'a','type':'tensor'}],"
                + "'wires':[{'from':['a',0],'to':['z',0]}]}");
        refuse("wires[0].to[1]: out of range", "{'format':1,'nodes':[],'wires':[{'from':['a',0],'to':['a',1e9]}]}");
        refuse("target: \"z\" is the id of no node", "{'format':1,'nodes':[],'target':['z',0]}");
        refuse("format: missing", "{'nodes':[]}");
        refuse("format: 2 is from a newer Backstep", "{'format':2,'nodes':[]}");
        refuse("format: no Backstep ever wrote 0", "{'format':0,'nodes':[]}");
        refuse("document: must be a JSON object", "[]");
        refuse("document: line 1, character", "{");
        refuse("document: nested more than", "{'format':" + "[".repeat(200_000));
        refuse("document: character", "{'format':" + "1".repeat(500_000) + "}");
        refuse("document: 1000001 characters", " ".repeat(1_000_001));
    }

    /** Readers of old formats are steps from one to the next; this one stands for those to come. */
    @Test
    void migratesOldFormats() {
        UnaryOperator<JsonObject> rename = old -> {
            JsonObject json = new JsonObject(old);
            json.put("nodes", json.remove("boxes"));
            json.put("format", 2);
            return json;
        };
        UnaryOperator<JsonObject> keep = old -> new JsonObject(old);
        JsonObject old = SafeJson.parse("{\"format\":1,\"boxes\":[]}");
        assertTrue(GraphJson.migrate(old, "", List.of(rename, keep)).has("nodes"));
        JsonObject newer = SafeJson.parse("{\"format\":2,\"boxes\":[]}");
        assertTrue(GraphJson.migrate(newer, "", List.of(rename, keep)).has("boxes"));
    }

    private static String node(String fields) {
        return "{'format':1,'nodes':[{'id':'a','type':'tensor'," + fields + "}]}";
    }

    private static void refuse(String beginning, String text) {
        String json = text.replace('\'', '"');
        GraphException refused = assertThrows(GraphException.class, () -> GraphJson.read(json));
        assertTrue(refused.getMessage().startsWith(beginning), refused.getMessage());
    }
}
