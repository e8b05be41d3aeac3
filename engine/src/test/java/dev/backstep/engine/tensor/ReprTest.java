package dev.backstep.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.backstep.engine.backend.DType;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What PyTorch printed, as {@code src/test/python/repr.py} recorded it, text for text. */
class ReprTest {
    private static final JsonObject RECORDED = recorded();

    private static JsonObject recorded() {
        try (InputStream file = ReprTest.class.getResourceAsStream("/repr.json")) {
            return JsonParser.object().from(file);
        } catch (IOException | JsonParserException broken) {
            throw new IllegalStateException(broken);
        }
    }

    @TestFactory
    Stream<DynamicTest> tensors() {
        JsonArray records = RECORDED.getArray("tensors");
        assertTrue(records.size() > 500);
        return records.stream().map(JsonObject.class::cast).map(r -> DynamicTest.dynamicTest(
                r.getString("dtype") + r.getArray("shape") + r.getString("op"),
                () -> assertEquals(r.getString("text"), Repr.of(tensor(r)))));
    }

    @Test
    void formatsAsInAnFString() {
        JsonArray records = RECORDED.getArray("formats");
        assertTrue(records.size() > 500);
        for (int i = 0; i < records.size(); i++) {
            JsonObject r = records.getObject(i);
            DType type = DType.of(r.getString("dtype"));
            Tensor tensor = type == DType.INT64 ? Tensor.of(new long[] {r.getLong("value")})
                    : Tensor.scalar(number(r.get("value")), type);
            assertEquals(r.getString("text"), Repr.formatted(tensor, r.getString("spec")), r.toString());
        }
    }

    @Test
    void formatsTruthsAndRefusesAsPythonDoes() {
        assertEquals("True", Repr.formatted(Tensor.scalar(1, DType.BOOL), ""));
        assertEquals("  1", Repr.formatted(Tensor.scalar(1, DType.BOOL), "3d"));
        assertEquals("tensor([4.])", Repr.formatted(Tensor.of(4.0), ""));
        assertRefused("TypeError", "unsupported format string passed to Tensor.__format__", Tensor.of(4.0), ".4f");
        assertRefused("ValueError", "Unknown format code 'd' for object of type 'float'", Tensor.scalar(4), "d");
        assertRefused("ValueError", "Format specifier missing precision", Tensor.scalar(4), ".f");
    }

    private static void assertRefused(String kind, String message, Tensor tensor, String spec) {
        TorchError error = assertThrows(TorchError.class, () -> Repr.formatted(tensor, spec));
        assertEquals(kind + ": " + message, error.kind() + ": " + error.getMessage());
    }

    @Test
    void printsShapesAndNodes() {
        assertEquals("torch.Size([])", Repr.size());
        assertEquals("torch.Size([2, 3])", Repr.size(2, 3));
        Tensor x = Tensor.of(1.0, 2.0).requiresGrad(true);
        String node = Repr.of(x.add(1.0).gradFn());
        assertTrue(node.matches("<AddBackward0 object at 0x[0-9a-f]+>"), node);
    }

    private static Tensor tensor(JsonObject r) {
        JsonArray extents = r.getArray("shape");
        int[] shape = new int[extents.size()];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = extents.getInt(d);
        }
        Tensor leaf = numbers(r, shape);
        leaf.requiresGrad(r.getBoolean("requires_grad"));
        return switch (r.getString("op")) {
            case "leaf" -> leaf;
            case "mul" -> leaf.mul(1L);
            case "neg" -> leaf.neg();
            case "clone" -> leaf.copy();
            case "sum" -> leaf.sum();
            case "transpose" -> leaf.transpose(0, -1);
            default -> throw new IllegalStateException(r.getString("op"));
        };
    }

    private static Tensor numbers(JsonObject r, int[] shape) {
        DType type = DType.of(r.getString("dtype"));
        int count = Shapes.numel(shape);
        double[] values = new double[count];
        long[] whole = new long[count];
        for (int i = 0; i < count; i++) {
            if (r.has("modulus")) {
                int modulus = r.getInt("modulus");
                whole[i] = i * 7919L % modulus - modulus / 2;
                values[i] = whole[i] / (double) r.getInt("divisor");
            } else if (type == DType.INT64) {
                whole[i] = r.getArray("values").getLong(i);
            } else {
                values[i] = number(r.getArray("values").get(i));
            }
        }
        return type == DType.INT64 ? Tensor.of(whole, shape) : Tensor.of(values, shape, type);
    }

    private static double number(Object json) {
        if (json instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        return json instanceof Number number ? number.doubleValue() : switch ((String) json) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            default -> Double.NEGATIVE_INFINITY;
        };
    }
}
