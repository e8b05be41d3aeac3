package dev.backstep.engine.suite.fuzz;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.backend.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A random program and what LibTorch made of it, for {@link FuzzReplay} wherever the engine runs.
 *
 * @param lines the lines that could run, up to where LibTorch's numbers went wild
 * @param last all variables at the end; null where numbers went wild
 * @param graphs the graph behind each variable at the end, as {@link GraphText} writes it; null where there is nothing
 *         to compare
 */
public record FuzzRecording(List<Line> lines, List<Seen> last, List<String> graphs) {
    /**
     * A line that LibTorch ran.
     *
     * @param refusal its first line, as Python words it, or null
     * @param unversioned whether versions of memory are left out of refusals from here on
     * @param variables the names there are after the line, ascending
     * @param seen what was then looked at, in that order
     */
    public record Line(FuzzStatement statement, String refusal, boolean unversioned, List<Integer> variables,
            List<Seen> seen) {
    }

    /**
     * A variable that was looked at.
     *
     * @param unversioned whether how often its memory was written depends on which buffers PyTorch took over
     * @param value its numbers, or null where they were not looked at
     * @param grad its gradient, or null
     */
    public record Seen(int name, FuzzFlags flags, boolean unversioned, Numbers value, Numbers grad) {
    }

    /** @param values row by row; null where they are so large that rounding decides from there on */
    public record Numbers(DType type, int[] shape, int[] strides, double[] values) {
        public boolean isWild() {
            return values == null;
        }

        private JsonArray toJson() {
            return new JsonArray(Arrays.asList(type.shortName(), array(shape), array(strides),
                    values == null ? null : new JsonArray(Arrays.stream(values)
                            .mapToObj(v -> type == DType.FLOAT32 ? (Object) (float) v : (Object) v).toList())));
        }

        private static Numbers of(JsonArray json) {
            if (json == null) {
                return null;
            }
            DType type = DType.of(json.getString(0));
            JsonArray values = json.getArray(3, null);
            return new Numbers(type, ints(json.getArray(1)), ints(json.getArray(2)),
                    values == null ? null : numbers(type, values));
        }

        private static double[] numbers(DType type, JsonArray values) {
            double[] numbers = new double[values.size()];
            // Compiled to JavaScript, a float is rounded where it is stored.
            float[] single = new float[1];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = ((Number) values.get(i)).doubleValue();
                if (type == DType.FLOAT32) {
                    single[0] = (float) numbers[i];
                    numbers[i] = single[0];
                }
            }
            return numbers;
        }
    }

    /** As JSON. */
    public String text() {
        JsonObject json = new JsonObject();
        json.put("lines", listed(lines, line -> {
            JsonObject item = new JsonObject();
            item.put("statement", line.statement.toJson());
            item.put("refusal", line.refusal);
            item.put("unversioned", line.unversioned);
            item.put("variables", new JsonArray(line.variables));
            item.put("seen", listed(line.seen, FuzzRecording::toJson));
            return item;
        }));
        json.put("last", listed(last, FuzzRecording::toJson));
        json.put("graphs", graphs == null ? null : new JsonArray(graphs));
        return JsonWriter.string(json);
    }

    /** What {@link #text} wrote. */
    public static FuzzRecording of(String text) {
        JsonObject json;
        try {
            json = JsonParser.object().from(text);
        } catch (JsonParserException e) {
            throw new IllegalArgumentException(e);
        }
        return new FuzzRecording(read(json, "lines", line -> new Line(FuzzStatement.of(line.getObject("statement")),
                line.getString("refusal"), line.getBoolean("unversioned"), integers(line, "variables"),
                read(line, "seen", FuzzRecording::seen))), read(json, "last", FuzzRecording::seen),
                json.getArray("graphs", null) == null ? null
                        : json.getArray("graphs").stream().map(String.class::cast).toList());
    }

    private static JsonObject toJson(Seen seen) {
        JsonObject json = new JsonObject();
        json.put("name", seen.name);
        json.put("flags", seen.flags.toJson());
        json.put("unversioned", seen.unversioned);
        json.put("value", seen.value == null ? null : seen.value.toJson());
        json.put("grad", seen.grad == null ? null : seen.grad.toJson());
        return json;
    }

    private static Seen seen(JsonObject json) {
        return new Seen(json.getInt("name"), FuzzFlags.of(json.getObject("flags")), json.getBoolean("unversioned"),
                Numbers.of(json.getArray("value", null)), Numbers.of(json.getArray("grad", null)));
    }

    private static <T> JsonArray listed(List<T> items, Function<T, JsonObject> write) {
        return items == null ? null : new JsonArray(items.stream().map(write).toList());
    }

    private static <T> List<T> read(JsonObject json, String name, Function<JsonObject, T> read) {
        JsonArray array = json.getArray(name, null);
        if (array == null) {
            return null;
        }
        List<T> items = new ArrayList<>();
        array.forEach(item -> items.add(read.apply((JsonObject) item)));
        return items;
    }

    static List<Integer> integers(JsonObject json, String name) {
        return Arrays.stream(ints(json.getArray(name))).boxed().toList();
    }

    private static int[] ints(JsonArray array) {
        return array.stream().mapToInt(v -> ((Number) v).intValue()).toArray();
    }

    private static JsonArray array(int[] values) {
        return new JsonArray(Arrays.stream(values).boxed().toList());
    }
}
