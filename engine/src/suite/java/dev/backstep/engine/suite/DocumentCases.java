package dev.backstep.engine.suite;

import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.LinkCodec;
import dev.backstep.engine.graph.Nested;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.State;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** Documents: what is read, refused, run and told of a run is the same text everywhere. */
final class DocumentCases {
    private static final String FAN_OUT = json("""
            {'format':1,'nodes':[
            {'id':'n1','type':'tensor','label':'x','attrs':{'data':[1.5,-2,0.1],'requires_grad':true},'at':[40,40]},
            {'id':'n2','type':'tensor','label':'<k>','attrs':{'data':3,'dtype':'float64'}},
            {'id':'n3','type':'mul'},{'id':'n4','type':'mul'},{'id':'n5','type':'sum','label':'y'}],
            'wires':[{'from':['n1',0],'to':['n3',0]},{'from':['n2',0],'to':['n3',1]},{'from':['n3',0],'to':['n4',0]},
            {'from':['n1',0],'to':['n4',1]},{'from':['n4',0],'to':['n5',0]}],'target':['n5',0]}""");

    private DocumentCases() {
    }

    static void add(List<Case> cases) {
        cases.add(new Case("a document read and written", true,
                () -> new Line().add(GraphJson.write(GraphJson.read(FAN_OUT))).toString()));
        cases.add(new Case("a document's run at every step", true, DocumentCases::states));
        cases.add(new Case("documents refused", true, DocumentCases::refusals));
        cases.add(new Case("numbers as text", true, DocumentCases::numbers));
        cases.add(new Case("links", true, DocumentCases::links));
        cases.add(new Case("a document of 2,000 boxes", true, DocumentCases::large));
    }

    private static String states() {
        Playback playback = Playback.forward(GraphJson.read(FAN_OUT));
        playback.act(new BackwardCall(null, null, true, false));
        playback.act(BackwardCall.PLAIN);
        playback.act(BackwardCall.PLAIN);
        Line line = new Line();
        for (int step = 0; step <= playback.timeline().size(); step++) {
            line.add(JsonWriter.string(State.of(playback, step)));
        }
        return line.toString();
    }

    private static String refusals() {
        Line line = new Line();
        for (String text : List.of("", "[1", "{'format':1}", "{'format':9,'nodes':[]}", "{'format':1,'nodes':[1]}",
                "{'format':1,'nodes':[{'id':'a','type':'tensor','attrs':{'data':[[1],[2,3]]}}]}",
                "{'format':1,'nodes':[{'id':'a','type':'tensor','attrs':{'data':1e999}}]}",
                "{'format':1,'nodes':[{'id':'a','type':'tensor','attrs':{'data':1e-999}}]}",
                "{'format':1,'nodes':[{'id':'a','type':'neg'}],'wires':[{'from':['a',0],'to':['a',0]}]}",
                "{'a':".repeat(100_000), "[".repeat(500_000), "1".repeat(100_000),
                "{'a':1,".repeat(30), "\u0000", "é")) {
            try {
                line.add(GraphJson.write(GraphJson.read(json(text))));
            } catch (GraphException refused) {
                line.add(refused.getMessage());
            }
        }
        return line.toString();
    }

    /** Bits at random, from a generator of two lines, so that no place's own Random is asked. */
    private static String numbers() {
        Line line = new Line();
        long bits = 88172645463325252L;
        double[] floats = new double[400];
        double[] doubles = new double[400];
        for (int i = 0; i < floats.length; i++) {
            bits ^= bits << 13;
            bits ^= bits >>> 7;
            bits ^= bits << 17;
            floats[i] = Float.intBitsToFloat((int) bits);
            doubles[i] = Double.longBitsToDouble(bits);
        }
        double[] plain = {0, -0.0, 1, -1.5, 0.1, 100, 1e7, 12345678, 1e-3, 1e-4, 1.0 / 3, 3.4028235e38, 1.4e-45};
        for (double[] values : List.of(plain, floats, doubles)) {
            DType type = values == floats ? DType.FLOAT32 : DType.FLOAT64;
            Tensor tensor = Tensor.of(values, new int[] {values.length}, type);
            String text = JsonWriter.string(Nested.of(tensor));
            Graph graph = GraphJson.read(json("{'format':1,'nodes':[{'id':'a','type':'tensor','attrs':{'data':") + text
                    + json(",'dtype':'" + type.shortName() + "'}}]}"));
            Tensor back = Playback.leaves(graph).timeline().valueAt(new Port("a", 0), 0);
            line.add(text).add(back);
        }
        return line.toString();
    }

    private static String links() {
        byte[] json = LinkCodec.bytes("{\"a\":\"é√\"}");
        byte[] packed = new byte[300];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = (byte) (i * 7);
        }
        String link = LinkCodec.write(json, packed);
        LinkCodec.Packed back = LinkCodec.read("#" + link);
        Line line = new Line().add(link).add(back.open(json)).add("" + java.util.Arrays.hashCode(back.packed()));
        for (String text : List.of("", "g=", "g=1.2", "g=3.", link.substring(0, 90), link + "A", "g=1.5.3.00.****",
                "g=1.99999999.3.00.AAAA", "g=1.-1.3.00.AAAA")) {
            try {
                LinkCodec.read(text).open(json);
                line.add("opened");
            } catch (GraphException refused) {
                line.add(refused.getMessage());
            }
        }
        return line.toString();
    }

    private static String large() {
        Graph graph = Graph.EMPTY;
        Change leaf = Edits.add(graph, Leaf.TYPE, null, Leaf.attrs(0.5, DType.FLOAT32, true), 0, 0);
        graph = graph.with(leaf);
        StringBuilder nodes = new StringBuilder(GraphJson.write(graph).replace("]}]}", "]}"));
        StringBuilder wires = new StringBuilder();
        for (int i = 2; i <= 2_000; i++) {
            nodes.append(json(",{'id':'n" + i + "','type':'add','label':'same'}"));
            wires.append(i == 2 ? "" : ",").append(json("{'from':['n" + (i - 1) + "',0],'to':['n" + i + "',0]},"
                    + "{'from':['n1',0],'to':['n" + i + "',1]}"));
        }
        Graph chain = GraphJson.read(nodes + json("],'wires':[") + wires + "]}");
        Playback playback = Playback.forward(chain);
        playback.act(BackwardCall.PLAIN);
        int end = playback.timeline().size();
        Line line = new Line().add("" + end).add(chain.name(chain.targetOrLast()));
        line.add(playback.timeline().valueAt(chain.targetOrLast(), end));
        line.add(playback.timeline().gradAt(new Port("n1", 0), end));
        for (int step = 0; step < end; step += 397) {
            line.add(playback.timeline().arrivedAt(new Port("n1", 0), step));
        }
        Change more = Edits.add(chain, NodeTypes.find("tanh"), "same", Attrs.NONE, 1, 2);
        return line.add(more.added().getFirst().label()).toString();
    }

    /** JSON with its quotes written as apostrophes. */
    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
