package dev.backstep.engine.suite.fuzz;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of a random program. Variables are numbers; a line whose variables are not there is left out, so that a
 * program stays a program when lines are taken away.
 *
 * @param name the op or method
 * @param values the numbers of a leaf or of the gradient that backward starts with, or the number of an arithmetic op
 * @param in the variables read
 * @param out the variables set
 * @param mode {@code no_grad} or {@code enable_grad} around the line where not null
 */
public record FuzzStatement(Kind kind, String name, Attrs attrs, double[] values, List<Integer> in, List<Integer> out,
        Boolean mode) {
    public enum Kind {
        /** A tensor of given numbers, with attributes dtype, shape and requires_grad. */
        LEAF,
        /** An op by its type. */
        OP,
        /** Arithmetic with a Python number, out of place. */
        NUMBER,
        /** An in-place method; with a number where there are values. */
        IN_PLACE,
        /** A method that gives another view of the graph or of the flags: detach, data, requires_grad_ and so on. */
        METHOD,
        /** {@code in[0].backward(gradient=values, inputs=in[1..])}. */
        BACKWARD,
        /** {@code torch.autograd.grad(in[0], in[1..], grad_outputs=values)}. */
        GRAD
    }

    public FuzzStatement(Kind kind, String name, Attrs attrs, List<Integer> in, List<Integer> out) {
        this(kind, name, attrs, new double[0], in, out, null);
    }

    /** The same line in another grad mode. */
    public FuzzStatement in(Boolean newMode) {
        return new FuzzStatement(kind, name, attrs, values, in, out, newMode);
    }

    public boolean flag(String attr) {
        return attrs.has(attr) && attrs.flag(attr);
    }

    public DType dtype() {
        return DType.of(String.valueOf(attrs.get("dtype")));
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.put("kind", kind.name());
        json.put("name", name);
        JsonObject given = new JsonObject();
        attrs.names().forEach(attr -> given.put(attr, written(attrs.get(attr))));
        json.put("attrs", given);
        json.put("values", new JsonArray(Arrays.stream(values).boxed().toList()));
        json.put("in", new JsonArray(in));
        json.put("out", new JsonArray(out));
        json.put("mode", mode);
        return json;
    }

    static FuzzStatement of(JsonObject json) {
        Map<String, Object> given = new LinkedHashMap<>();
        json.getObject("attrs").forEach((attr, value) -> given.put(attr, attribute(value)));
        return new FuzzStatement(Kind.valueOf(json.getString("kind")), json.getString("name"), Attrs.of(given),
                json.getArray("values").stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray(),
                FuzzRecording.integers(json, "in"), FuzzRecording.integers(json, "out"), (Boolean) json.get("mode"));
    }

    /** JSON has no infinities; they are texts, which no attribute is otherwise. */
    private static Object written(Object value) {
        return value instanceof Double number && number.isInfinite() ? (Object) number.toString() : value;
    }

    private static Object attribute(Object value) {
        return switch (value) {
            case Integer whole -> (Object) Long.valueOf(whole);
            case List<?> list -> list.stream().map(FuzzStatement::attribute).toList();
            case String text when text.endsWith("Infinity") -> Double.valueOf(text);
            default -> value;
        };
    }

    /** The line as one would write it in Python. */
    @Override
    public String toString() {
        String scope = mode == null ? "" : mode ? "with torch.enable_grad(): " : "with torch.no_grad(): ";
        String results = out.isEmpty() ? "" : String.join(", ", out.stream().map(i -> "v" + i).toList())
                + " = ";
        List<String> arguments = new ArrayList<>();
        in.stream().skip(1).forEach(i -> arguments.add("v" + i));
        Arrays.stream(values).forEach(v -> arguments.add(Double.toString(v)));
        String attributes = attrs.toString();
        if (!attributes.equals("{}") && !attributes.isEmpty()) {
            arguments.add(attributes);
        }
        String self = in.isEmpty() ? "torch" : "v" + in.get(0);
        return scope + results + self + "." + name + "(" + String.join(", ", arguments) + ")";
    }
}
