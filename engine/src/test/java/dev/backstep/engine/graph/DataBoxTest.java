package dev.backstep.engine.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.data.DataFiles;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The data box: shapes known ahead, parts, encodings, refusals as reasons. */
class DataBoxTest {
    private static final String CSV = "size,colour,price\n1,red,10.5\n2,blue,11\n3,red,13.25\n4,blue,x\n5,red,17\n";

    @BeforeAll
    static void load() {
        DataFiles.load();
    }

    private static GraphNode box(Object... attrs) {
        return new GraphNode("d", "data", "data", Attrs.of(attrs), 0, 0);
    }

    private static Attrs all(Object... attrs) {
        return NodeTypes.attrs(box(attrs));
    }

    private static Reason reason(Object... attrs) {
        Graph graph = Graph.of(List.of(box(attrs)), List.of(), null);
        Reason inferred = Inference.of(graph).reason("d");
        assertEquals(inferred, new GraphRunner(graph).reason("d"));
        return inferred;
    }

    @ParameterizedTest
    @EnumSource
    void shapesAreThoseOfTheBatch(Source source) {
        for (String encoding : List.of(DataBox.INDEX, DataBox.ONE_HOT, DataBox.COLUMN)) {
            for (long batch : List.of(1L, 16L, 100_000L)) {
                Attrs attrs = all("source", source.id(), "encoding", encoding, "batch_size", batch, "csv", CSV,
                        "classes", 3);
                Meta[] known = DataBox.TYPE.infer(attrs);
                Tensor[] made = DataBox.TYPE.apply(attrs);
                for (int i = 0; i < 2; i++) {
                    assertArrayEquals(known[i].shape(), made[i].shape());
                    assertEquals(known[i].dtype(), made[i].dtype());
                }
            }
        }
    }

    @Test
    void standardizesByTheTrainingPart() {
        Attrs attrs = all("source", "iris", "standardize", true, "train_share", 0.6);
        DataBox.Parts parts = DataBox.TYPE.parts(attrs);
        assertEquals(90, parts.train().size());
        assertEquals(60, parts.test().size());
        Tensor x = rows(parts.train().size(), parts)[0];
        assertArrayEquals(new double[4], x.mean(false, 0).toDoubles(), 1e-6);
        assertArrayEquals(new double[] {1, 1, 1, 1}, x.square().mean(false, 0).toDoubles(), 1e-5);
        DataBox.Parts plain = DataBox.TYPE.parts(attrs.with("standardize", false));
        double[] raw = plain.test().batch(0)[0].toDoubles();
        double[] moved = parts.test().batch(0)[0].toDoubles();
        for (int i = 0; i < 4; i++) {
            assertEquals(raw[i], moved[i] * parts.std()[i] + parts.mean()[i], 1e-5);
        }
        assertArrayEquals(new double[4], plain.mean());
    }

    private static Tensor[] rows(int count, DataBox.Parts parts) {
        int[] all = new int[count];
        java.util.Arrays.setAll(all, i -> i);
        return parts.train().batch(all);
    }

    @Test
    void encodesClasses() {
        Attrs attrs = all("source", "gaussians", "classes", 3, "train_share", 1.0, "batch_size", 6);
        double[] index = DataBox.TYPE.apply(attrs)[1].toDoubles();
        double[] column = DataBox.TYPE.apply(attrs.with("encoding", "column"))[1].toDoubles();
        double[] ones = DataBox.TYPE.apply(attrs.with("encoding", "one_hot"))[1].toDoubles();
        assertArrayEquals(index, column);
        for (int i = 0; i < 18; i++) {
            assertEquals(index[i / 3] == i % 3 ? 1 : 0, ones[i]);
        }
        assertEquals(0, DataBox.TYPE.parts(attrs).test().size());
    }

    @Test
    void isMadeOnceForWhatTellsIt() {
        Attrs attrs = all("source", "moons", "seed", 99);
        assertSame(DataBox.TYPE.parts(attrs), DataBox.TYPE.parts(attrs.with("batch_size", 4).with("shuffle", false)));
        assertEquals(4, DataBox.TYPE.apply(attrs.with("batch_size", 4))[0].shape()[0]);
    }

    @Test
    void readsTheTableTypedIn() {
        Attrs attrs = all("source", "csv", "csv", CSV, "train_share", 1.0);
        DataBox.Parts parts = DataBox.TYPE.parts(attrs);
        assertEquals(List.of("size", "colour=blue", "colour=red"), parts.whole().features());
        assertEquals(4, parts.train().size());
        assertEquals(5, DataBox.source(attrs).choice(attrs).problems().getFirst().line());
    }

    @Test
    void refusalsAreReasons() {
        assertNull(reason("source", "iris"));
        assertEquals(new Reason(Code.DATA_SETTING, List.of("data", "samples", "1 to 10000", "0"), null),
                reason("samples", 0));
        assertEquals(Code.DATA_SETTING, reason("batch_size", 0).code());
        assertEquals(Code.DATA_SETTING, reason("train_share", 1.5).code());
        assertEquals(Code.DATA_NO_TABLE, reason("source", "csv").code());
        assertEquals("data: there is no column \"weight\"; the columns are size, colour, price",
                reason("source", "csv", "csv", CSV, "target", "weight").text());
        assertEquals(Code.DATA_NO_VALUES, reason("source", "csv", "csv", CSV, "target", "colour", "predict", "values")
                .code());
        assertEquals(Code.DATA_TOO_MANY_CLASSES, reason("source", "csv", "csv", manyValues(), "predict", "classes")
                .code());
        assertEquals(Code.DATA_NO_ROWS, reason("source", "csv", "csv", "a,b\n1,\n,2\n").code());
    }

    private static String manyValues() {
        StringBuilder text = new StringBuilder("x,y\n");
        for (int i = 0; i < 60; i++) {
            text.append(i).append(',').append(i * 1.5).append('\n');
        }
        return text.toString();
    }

    @Test
    void aTableTooLongForADocumentIsRefusedWithTheRemedy() {
        String json = "{\"format\":1,\"nodes\":[{\"id\":\"d\",\"type\":\"data\",\"attrs\":{\"csv\":\""
                + "1,2\\n".repeat(100_001) + "\"}}]}";
        GraphException refused = org.junit.jupiter.api.Assertions.assertThrows(GraphException.class,
                () -> GraphJson.read(json));
        assertEquals(new Reason(Code.TABLE_TOO_LONG, List.of("400004", "400000"), null), refused.reason());
        assertEquals("nodes[0].attrs.csv", refused.path());
    }
}
