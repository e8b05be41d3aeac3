package dev.backstep.engine.graph;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.Reason.Code;
import java.util.List;

/** A parsed JSON object being read: each getter says by its path what is wrong with a field. */
public final class JsonFields {
    private final JsonObject object;
    private final String path;

    private JsonFields(JsonObject object, String path) {
        this.object = object;
        this.path = path;
    }

    /**
     * @param path names the object in messages; empty for the document itself
     * @param names all the fields it may have
     */
    public static JsonFields of(Object json, String path, List<String> names) {
        if (!(json instanceof JsonObject object)) {
            throw new GraphException(path, Code.WRONG_KIND, "an object");
        }
        JsonFields fields = new JsonFields(object, path);
        for (String name : object.keySet()) {
            if (!names.contains(name)) {
                throw new GraphException(fields.path(shown(name)), Code.UNKNOWN_FIELD, String.join(", ", names));
            }
        }
        return fields;
    }

    /** The path of a field. */
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Whether the field is there and not null. */
    public boolean has(String name) {
        return object.get(name) != null;
    }

    /** The field as it was parsed, or null. */
    public Object get(String name) {
        return object.get(name);
    }

    /** @throws GraphException where the field is missing or no text; likewise below */
    public String text(String name) {
        return text(need(name, "a text"), path(name));
    }

    /** A list; an empty one where the field is missing. */
    public List<?> listOrEmpty(String name, int limit) {
        return has(name) ? list(name, limit) : List.of();
    }

    /** A list of that many entries at most. */
    public List<?> list(String name, int limit) {
        List<?> list = list(name);
        if (list.size() > limit) {
            throw new GraphException(path(name), Code.TOO_MANY, limit, "entries");
        }
        return list;
    }

    public JsonObject object(String name) {
        if (need(name, "an object") instanceof JsonObject value) {
            return value;
        }
        throw new GraphException(path(name), Code.WRONG_KIND, "an object");
    }

    List<?> list(String name) {
        if (need(name, "a list") instanceof JsonArray list) {
            return list;
        }
        throw new GraphException(path(name), Code.WRONG_KIND, "a list");
    }

    public int integer(String name, int least, int most) {
        return integer(need(name, "a whole number"), path(name), least, most);
    }

    /** True or false; false where the field is missing. */
    public boolean flag(String name) {
        return has(name) && flag(object.get(name), path(name));
    }

    private Object need(String name, String what) {
        Object value = object.get(name);
        if (value == null) {
            throw new GraphException(path(name), Code.MISSING, what);
        }
        return value;
    }

    public static String text(Object json, String path) {
        if (json instanceof String text) {
            return text;
        }
        throw new GraphException(path, Code.WRONG_KIND, "a text");
    }

    static boolean flag(Object json, String path) {
        if (json instanceof Boolean flag) {
            return flag;
        }
        throw new GraphException(path, Code.WRONG_KIND, "true or false");
    }

    /** A number, or one of the texts that stand for those JSON has not. */
    public static double number(Object json, String path) {
        if (json instanceof Number number) {
            double value = number.doubleValue();
            if (Double.isInfinite(value)) {
                throw new GraphException(path, Code.OUT_OF_RANGE, "a number below 1.8e308, or \"Infinity\"");
            }
            return value;
        }
        if (json instanceof String text) {
            switch (text) {
                case "NaN":
                    return Double.NaN;
                case "Infinity":
                    return Double.POSITIVE_INFINITY;
                case "-Infinity":
                    return Double.NEGATIVE_INFINITY;
                default:
            }
        }
        throw new GraphException(
                path, Code.WRONG_KIND, "a number, or one of the texts \"NaN\", \"Infinity\" and \"-Infinity\"");
    }

    /** A number as {@link #number} reads it: JSON has none that is not finite. */
    public static Object written(double value) {
        return Nested.toJson(value);
    }

    /** The field as a number, or one of the texts that stand for those JSON has not. */
    public double number(String name) {
        return number(need(name, "a number"), path(name));
    }

    /** What {@link #number} reads back as a value that is no JSON number. */
    static String nonFinite(double value) {
        return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }

    static long integer(Object json, String path) {
        switch (json) {
            case Integer i -> {
                return i;
            }
            case Long l -> {
                return l;
            }
            case Double d when d == Math.rint(d) && Math.abs(d) <= 1L << 53 -> {
                return d.longValue();
            }
            case Number n when n.doubleValue() == Math.rint(n.doubleValue()) ->
                throw new GraphException(path, Code.OUT_OF_RANGE, "a whole number of 64 bits");
            case null, default -> throw new GraphException(path, Code.WRONG_KIND, "a whole number");
        }
    }

    public static int integer(Object json, String path, int least, int most) {
        long value = integer(json, path);
        if (value < least || value > most) {
            throw new GraphException(path, Code.OUT_OF_RANGE, "a whole number from " + least + " to " + most);
        }
        return (int) value;
    }

    /** A text out of a document as a message may repeat it: not too long. */
    static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
