package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.Inference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Documents and links as nobody should write them. Each ends in a document that can be run, shown and written again, or
 * in a message; never in another exception, nor in a stack or heap that gives out. {@code -Dseed=} tries other cases.
 */
class HostileTest {
    private static final int CASES = Integer.getInteger("hostile.cases", 12_000);

    private static final List<String> DOCUMENTS = new ArrayList<>();

    @BeforeAll
    static void readExamples() throws IOException {
        for (Object entry : ExamplesTest.index()) {
            DOCUMENTS.add(GraphJson.write(ExamplesTest.read(((JsonObject) entry).getString("id"))));
        }
        DOCUMENTS.add(HostileText.json("""
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
                text = i % 2 == 0 ? HostileText.otherNumber(text, random) : HostileText.mutated(text, random);
            }
            documents[0] += endsWell(text, GraphJson::read) ? 1 : 0;
        });
        // Mutations that break everything would prove little.
        assertTrue(documents[0] > CASES / 20, "only " + documents[0] + " were documents");
    }

    /** Any op with any attributes of the right kind on any inputs: every op refuses in its own words, or runs. */
    @Test
    void generatedDocuments() {
        int[] ran = {0};
        each(CASES / 2, random -> {
            String text = HostileText.generated(random);
            assertTrue(endsWell(text, GraphJson::read), text);
            Playback playback = Playback.forward(GraphJson.read(text));
            for (int i = 0; i < playback.timeline().size(); i++) {
                ran[0] += playback.timeline().event(i) instanceof Event.Forward ? 1 : 0;
            }
        });
        assertTrue(ran[0] > CASES / 2, "only " + ran[0] + " ops ran");
    }

    @Test
    void mutatedSharedRuns() {
        each(CASES / 4, random -> {
            String document = DOCUMENTS.get(random.nextInt(DOCUMENTS.size()));
            String text = "{\"document\":" + document + ",\"calls\":[{},{\"target\":\"x\",\"gradient\":[1,2],"
                    + "\"retainGraph\":true}],\"step\":5,\"language\":\"en\",\"hidden\":[\"palette\"]}";
            int outside = document.length() + 12;
            String tail = HostileText.mutated(HostileText.mutated(text.substring(outside), random), random);
            String mutated = text.substring(0, outside) + tail;
            endsWell(mutated, json -> {
                SharedRun run = SharedRun.read(json);
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
            String link = Deflate.link(random.nextInt(3) == 0 ? HostileText.mutated(json, random) : json);
            StringBuilder text = new StringBuilder(link);
            for (int i = random.nextInt(3); i > 0; i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.setLength(at + 1);
                    case 1 -> text.setCharAt(at, (char) (33 + random.nextInt(94)));
                    case 2 -> text.insert(at, HostileText.SCRAPS.get(random.nextInt(HostileText.SCRAPS.size())));
                    default -> text.insert(Math.min(4, at), random.nextInt());
                }
            }
            endsWell(text.toString(), fragment -> Deflate.open(fragment).graph());
        });
    }

    @Test
    void deepNesting() {
        each(CASES / 12, random -> {
            int depth = 1 << random.nextInt(18);
            String open = random.nextBoolean() ? "[" : "{\"a\":";
            String closed = random.nextBoolean() ? "1" + HostileText.close(open).repeat(depth) : "";
            String nested = open.repeat(depth) + closed;
            String text = switch (random.nextInt(3)) {
                case 0 -> nested;
                case 1 -> "{\"format\":1,\"nodes\":" + nested + "}";
                default -> HostileText.leaf(nested);
            };
            endsWell(text, GraphJson::read);
        });
    }

    @Test
    void manyOfEverything() {
        List<Supplier<String>> large = List.of(
                () -> HostileText.nodes(5_001, i -> "{\"id\":\"n" + i + "\",\"type\":\"tensor\"}"),
                () -> HostileText.nodes(5_000, i -> "{\"id\":\"n" + i + "\",\"type\":\"tensor\",\"label\":\"x\"}"),
                () -> HostileText.nodes(900, i -> "{\"id\":\"n" + i + "\",\"type\":\"tensor\",\"attrs\":{\"data\":["
                        + "1,".repeat(400) + "1]}}"),
                () -> HostileText.leaf("[" + "1,".repeat(150_000) + "1]"),
                () -> HostileText.leaf("[" + "[],".repeat(99_999) + "[]]"),
                () -> HostileText.leaf("9".repeat(900_000)),
                () -> HostileText.leaf("1e" + "9".repeat(30)),
                () -> HostileText.nodes(1, i -> "{\"id\":\"" + "a".repeat(900_000) + "\",\"type\":\"tensor\"}"),
                () -> HostileText.nodes(1, i -> "{\"id\":\"a\",\"type\":\"" + "a".repeat(900_000) + "\"}"),
                () -> HostileText.nodes(1, i -> HostileText.json("{'id':'a','type':'neg','label':'")
                        + "a".repeat(900_000) + "\"}"),
                () -> HostileText.nodes(1, i -> "{" + "\"Aa\":1,".repeat(100_000) + "\"id\":\"a\"}"),
                () -> "{\"format\":1,\"nodes\":[],\"wires\":[" + "{\"from\":[\"a\",0],\"to\":[\"a\",0]},".repeat(25_000)
                        + "{\"from\":[\"a\",0],\"to\":[\"a\",0]}]}",
                () -> "[".repeat(1_000_000),
                () -> "\"".repeat(1_000_000),
                () -> "\\".repeat(1_000_000),
                () -> " ".repeat(1_000_000));
        for (Supplier<String> text : large) {
            long start = System.nanoTime();
            endsWell(text.get(), GraphJson::read);
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis < 5_000, () -> millis + " ms for " + text.get().substring(0, 90));
        }
    }

    private interface Case {
        void run(Random random);
    }

    private static void each(int count, Case test) {
        long seed = Long.getLong("seed", 20261123L);
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
    private static boolean endsWell(String text, Function<String, Graph> reader) {
        Graph graph;
        try {
            graph = reader.apply(text);
        } catch (GraphException refused) {
            assertTrue(refused.getMessage().length() < 1_000, () -> "a message of " + refused.getMessage().length());
            assertTrue(refused.getMessage().contains(": "), refused.getMessage());
            return false;
        }
        assertEquals(graph, GraphJson.read(GraphJson.write(graph)));
        Inference.of(graph);
        Playback playback = Playback.forward(graph);
        playback.act(BackwardCall.PLAIN);
        if (playback.timeline().size() < 200) {
            assertTrue(JsonWriter.string(State.of(playback, playback.timeline().size())).length() > 20);
        }
        return true;
    }
}
