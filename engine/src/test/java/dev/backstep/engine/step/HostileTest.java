package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.NodeType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Documents and links as nobody should write them. Each ends in a document that can be run, shown and written again, or
 * in a message; never in another exception, nor in a stack or heap that gives out. {@code -Dseed=} repeats a run.
 */
class HostileTest {
    private static final int CASES = Integer.getInteger("hostile.cases", 12_000);

    private static final List<String> DOCUMENTS = new ArrayList<>();

    /** What is put in place of a value. */
    private static final List<String> VALUES = List.of(
            "null", "true", "-1", "0", "0.5", "1e999", "-0", "NaN", "Infinity", "\"NaN\"", "\"-Infinity\"", "1e-400",
            "9223372036854775807", "9223372036854775808", "4294967297", "2147483647", "[]", "{}", "[[]]", "\"\"",
            "[1,[2]]", "[[1],[2,3]]", "\"n1\"", "[\"n1\",0]", "[\"n2\",1]", "[\"n1\",99]", "[\"n1\",-1]",
            "[100000,100000,100000]", "[65536,65536,65536,65536]", "[-1,-1]", "\"<b>bold</b>\"",
            "\"<script>alert(1)</script>\"", "\"\\ud800\"", "\"\\u0000\"", "\"float64\"", "\"int64\"", "\"bool\"",
            "\"tensor\"", "\"matmul\"", "\"expand\"", "\"__proto__\"", "1e16", "123456789012345678901234567890");

    private static final List<String> NUMBERS = List.of(
            "0", "1", "2", "3", "4", "7", "16", "64", "65", "100", "4096", "65536", "100000", "2147483647", "-1", "-2",
            "-2147483648", "0.5", "1e30", "1e-30");

    /** Words that are put anywhere. */
    private static final List<String> SCRAPS = List.of(
            "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "e", "-", ".", "0", "/*", "\u0000", "\ud83d", "é", "[[",
            json("'requires_grad':true,"), json("'dim':7,"), json("'keepdim':true,"), json("'format':1,"),
            json("'nodes':[],"), json("'id':'n1',"));

    @BeforeAll
    static void readExamples() throws IOException {
        for (Object entry : ExamplesTest.index()) {
            DOCUMENTS.add(GraphJson.write(ExamplesTest.read(((JsonObject) entry).getString("id"))));
        }
        DOCUMENTS.add(json("""
                {'format':1,'nodes':[
                {'id':'n1','type':'tensor','attrs':{'data':[[1,2],[3,4]],'requires_grad':true}},
                {'id':'n2','type':'expand','attrs':{'size':[2,2,2]}},
                {'id':'n3','type':'permute','attrs':{'dims':[2,0,1]}},
                {'id':'n4','type':'sum','attrs':{'dim':[0],'keepdim':false}},
                {'id':'n5','type':'reshape','attrs':{'shape':[4,-1]}},
                {'id':'n6','type':'matmul'},
                {'id':'n7','type':'select','attrs':{'dim':0,'index':1}}],
                'wires':[{'from':['n1',0],'to':['n2',0]},{'from':['n2',0],'to':['n3',0]},
                {'from':['n3',0],'to':['n4',0]},{'from':['n4',0],'to':['n5',0]},{'from':['n1',0],'to':['n6',0]},
                {'from':['n4',0],'to':['n6',1]},{'from':['n6',0],'to':['n7',0]}]}"""));
    }

    @Test
    void mutatedDocuments() {
        int[] documents = {0};
        each(CASES, random -> {
            String text = DOCUMENTS.get(random.nextInt(DOCUMENTS.size()));
            for (int i = random.nextInt(4); i >= 0; i--) {
                text = i % 2 == 0 ? otherNumber(text, random) : mutated(text, random);
            }
            documents[0] += endsWell(text, () -> GraphJson.read(currentText)) ? 1 : 0;
        });
        // Mutations that break everything would prove little.
        assertTrue(documents[0] > CASES / 20, "only " + documents[0] + " were documents");
    }

    /** The text under test, for the reader that is given to {@link #endsWell}. */
    private String currentText;

    /** Any op with any attributes of the right kind on any inputs: every op refuses in its own words, or runs. */
    @Test
    void generatedDocuments() {
        int[] ran = {0};
        each(CASES / 2, random -> {
            assertTrue(endsWell(generated(random), () -> GraphJson.read(currentText)), () -> currentText);
            Playback playback = Playback.forward(GraphJson.read(currentText));
            for (int i = 0; i < playback.timeline().size(); i++) {
                ran[0] += playback.timeline().event(i) instanceof Event.Forward ? 1 : 0;
            }
        });
        assertTrue(ran[0] > CASES, "only " + ran[0] + " ops ran");
    }

    private static String generated(Random random) {
        List<NodeType> types = NodeTypes.all();
        StringBuilder nodes = new StringBuilder();
        StringBuilder wires = new StringBuilder();
        int count = 3 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            NodeType type = i < 3 ? types.getFirst() : types.get(random.nextInt(types.size()));
            nodes.append(i == 0 ? "" : ",").append(json("{'id':'n" + i + "','type':'")).append(type.type())
                    .append(json("','attrs':{"));
            String comma = "";
            for (AttrSpec spec : type.attrs()) {
                if (spec.fallback() == null || random.nextInt(3) > 0) {
                    nodes.append(comma).append('"').append(spec.name()).append("\":").append(value(spec, random));
                    comma = ",";
                }
            }
            nodes.append("}}");
            int inputs = type.variadic() ? 1 + random.nextInt(3) : type.inputs().size();
            for (int k = 0; k < inputs; k++) {
                wires.append(wires.isEmpty() ? "" : ",").append(json("{'from':['n" + random.nextInt(i)
                        + "',0],'to':['n" + i + "'," + k + "]}"));
            }
        }
        return json("{'format':1,'nodes':[") + nodes + json("],'wires':[") + wires + "]}";
    }

    private static String value(AttrSpec spec, Random random) {
        return switch (spec.kind()) {
            case INT -> integer(random);
            case NUMBER -> random.nextInt(4) == 0 ? "\"NaN\"" : "" + random.nextInt(-2, 4);
            case FLAG -> "" + random.nextBoolean();
            case TEXT -> "\"mean\"";
            case DTYPE -> List.of("\"float32\"", "\"float64\"", "\"float32\"", "\"int64\"").get(random.nextInt(4));
            case INTS -> {
                List<String> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(integer(random));
                }
                yield list.toString();
            }
            case DATA -> List.of("1", "-2", "[1,2]", "[[1,2],[3,4]]", "[[1],[2]]", "[]", "[[],[]]", "[1,2,3]", "[0]")
                    .get(random.nextInt(9));
        };
    }

    private static String integer(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> "2147483647";
            case 1 -> "-2147483648";
            case 2 -> "65536";
            case 3 -> "-1";
            default -> "" + random.nextInt(-2, 4);
        };
    }

    @Test
    void mutatedSharedRuns() {
        each(CASES / 4, random -> {
            String document = DOCUMENTS.get(random.nextInt(DOCUMENTS.size()));
            String text = "{\"document\":" + document + ",\"calls\":[{},{\"target\":\"x\",\"gradient\":[1,2],"
                    + "\"retainGraph\":true}],\"step\":5,\"language\":\"en\",\"hidden\":[\"palette\"]}";
            int outside = document.length() + 12;
            String tail = mutated(mutated(text.substring(outside), random), random);
            String mutated = text.substring(0, outside) + tail;
            endsWell(mutated, () -> {
                SharedRun run = SharedRun.read(currentText);
                run.replay();
                assertEquals(run, SharedRun.read(run.write()));
                return run.graph();
            });
        });
    }

    @Test
    void mutatedLinks() {
        each(CASES / 2, random -> {
            String json = new SharedRun(
                            GraphJson.read(DOCUMENTS.get(random.nextInt(DOCUMENTS.size()))),
                            List.of(BackwardCall.PLAIN), random.nextInt(9), null, List.of())
                    .write();
            String link = Deflate.link(random.nextInt(3) == 0 ? mutated(json, random) : json);
            StringBuilder text = new StringBuilder(link);
            for (int i = random.nextInt(3); i > 0; i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.setLength(at + 1);
                    case 1 -> text.setCharAt(at, (char) (33 + random.nextInt(94)));
                    case 2 -> text.insert(at, SCRAPS.get(random.nextInt(SCRAPS.size())));
                    default -> text.insert(Math.min(4, at), random.nextInt());
                }
            }
            endsWell(text.toString(), () -> Deflate.open(currentText).graph());
        });
    }

    @Test
    void deepNesting() {
        each(CASES / 12, random -> {
            int depth = 1 << random.nextInt(18);
            String open = random.nextBoolean() ? "[" : "{\"a\":";
            String nested = open.repeat(depth) + (random.nextBoolean() ? "1" + close(open).repeat(depth) : "");
            String text = switch (random.nextInt(3)) {
                case 0 -> nested;
                case 1 -> "{\"format\":1,\"nodes\":" + nested + "}";
                default -> leaf(nested);
            };
            endsWell(text, () -> GraphJson.read(currentText));
        });
    }

    private static String close(String open) {
        return open.equals("[") ? "]" : "}";
    }

    @Test
    void manyOfEverything() {
        List<Supplier<String>> large = List.of(
                () -> nodes(5_001, i -> "{\"id\":\"n" + i + "\",\"type\":\"tensor\"}"),
                () -> nodes(5_000, i -> "{\"id\":\"n" + i + "\",\"type\":\"tensor\",\"label\":\"x\"}"),
                () -> nodes(900, i -> "{\"id\":\"n" + i + "\",\"type\":\"tensor\",\"attrs\":{\"data\":["
                        + "1,".repeat(400) + "1]}}"),
                () -> leaf("[" + "1,".repeat(150_000) + "1]"),
                () -> leaf("[" + "[],".repeat(99_999) + "[]]"),
                () -> leaf("9".repeat(900_000)),
                () -> leaf("1e" + "9".repeat(30)),
                () -> nodes(1, i -> "{\"id\":\"" + "a".repeat(900_000) + "\",\"type\":\"tensor\"}"),
                () -> nodes(1, i -> "{\"id\":\"a\",\"type\":\"" + "a".repeat(900_000) + "\"}"),
                () -> nodes(1, i -> "{\"id\":\"a\",\"type\":\"tensor\",\"label\":\"" + "a".repeat(900_000) + "\"}"),
                () -> nodes(1, i -> "{" + "\"Aa\":1,".repeat(100_000) + "\"id\":\"a\"}"),
                () -> "{\"format\":1,\"nodes\":[],\"wires\":[" + "{\"from\":[\"a\",0],\"to\":[\"a\",0]},".repeat(25_000)
                        + "{\"from\":[\"a\",0],\"to\":[\"a\",0]}]}",
                () -> "[".repeat(1_000_000),
                () -> "\"".repeat(1_000_000),
                () -> "\\".repeat(1_000_000),
                () -> " ".repeat(1_000_000));
        for (Supplier<String> text : large) {
            long start = System.nanoTime();
            endsWell(text.get(), () -> GraphJson.read(currentText));
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis < 5_000, () -> millis + " ms for " + text.get().substring(0, 90));
        }
    }

    /** JSON with its quotes written as apostrophes. */
    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static String leaf(String data) {
        return json("{'format':1,'nodes':[{'id':'a','type':'tensor','attrs':{'data':") + data + "}}]}";
    }

    private static String nodes(int count, IntFunction<String> node) {
        StringBuilder text = new StringBuilder("{\"format\":1,\"nodes\":[");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",").append(node.apply(i));
        }
        return text.append("]}").toString();
    }

    /** Cuts, doubles, swaps and replaces pieces, values by preference, so that much of the text stays JSON. */
    private static String mutated(String text, Random random) {
        if (text.isEmpty()) {
            return SCRAPS.get(random.nextInt(SCRAPS.size()));
        }
        int at = random.nextInt(text.length());
        return switch (random.nextInt(8)) {
            case 0 -> text.substring(0, at) + SCRAPS.get(random.nextInt(SCRAPS.size())) + text.substring(at);
            case 1 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 1 + random.nextInt(12)));
            case 2 -> {
                int end = Math.min(text.length(), at + random.nextInt(200));
                yield text.substring(0, end) + text.substring(at);
            }
            default -> {
                int start = text.indexOf(':', at) + 1;
                int end = start;
                int depth = 0;
                while (end < text.length() && (depth > 0 || ",}]".indexOf(text.charAt(end)) < 0)) {
                    depth += "[{".indexOf(text.charAt(end)) >= 0 ? 1 : "]}".indexOf(text.charAt(end)) >= 0 ? -1 : 0;
                    end++;
                }
                yield text.substring(0, start) + VALUES.get(random.nextInt(VALUES.size())) + text.substring(end);
            }
        };
    }

    /** Puts another number in place of one, which leaves the text JSON. */
    private static String otherNumber(String text, Random random) {
        int start = random.nextInt(text.length() + 1);
        while (start < text.length() && !Character.isDigit(text.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return text.substring(0, start) + NUMBERS.get(random.nextInt(NUMBERS.size())) + text.substring(end);
    }

    private interface Case {
        void run(Random random);
    }

    private static void each(int count, Case test) {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random seeds = new Random(seed);
        for (int i = 0; i < count; i++) {
            long own = seeds.nextLong();
            try {
                test.run(new Random(own));
            } catch (Throwable failure) {
                throw new AssertionError("case " + i + " of -Dseed=" + seed + ": " + failure, failure);
            }
        }
    }

    /** Whether the text was a document; it was refused with a message otherwise. */
    private boolean endsWell(String text, Supplier<Graph> reader) {
        currentText = text;
        Graph graph;
        try {
            graph = reader.get();
        } catch (GraphException refused) {
            assertTrue(refused.getMessage().length() < 1_000, () -> "a message of " + refused.getMessage().length());
            assertTrue(refused.getMessage().contains(": "), refused.getMessage());
            return false;
        }
        assertEquals(graph, GraphJson.read(GraphJson.write(graph)));
        Inference.of(graph);
        Playback playback = Playback.forward(graph);
        playback.backward(BackwardCall.PLAIN);
        if (playback.timeline().size() < 200) {
            assertTrue(JsonWriter.string(State.of(playback, playback.timeline().size())).length() > 20);
        }
        return true;
    }
}
