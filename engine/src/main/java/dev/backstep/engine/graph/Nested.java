package dev.backstep.engine.graph;

import com.grack.nanojson.JsonArray;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Reason.Code;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers as nested lists, the way {@code tolist()} gives them: a Double, Long or Boolean by type, or a List of such.
 * JSON has no NaN and no infinities; there, {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"} stand for them.
 */
public final class Nested {
    /** The most elements and dimensions that may be typed into one tensor. */
    public static final int MAX_ELEMENTS = 100_000;

    public static final int MAX_RANK = 16;

    private Nested() {}

    /**
     * Nested numbers out of parsed JSON, each as the type keeps it.
     *
     * @param path names the data in messages
     * @throws GraphException where the data is ragged, too large, or holds what the type cannot
     */
    public static Object read(Object json, DType type, String path) {
        int[] shape = shape(json, path);
        return read(json, shape, 0, type, path);
    }

    private static Object read(Object json, int[] shape, int depth, DType type, String path) {
        if (depth == shape.length) {
            return number(json, type, path);
        }
        if (!(json instanceof List<?> list)) {
            throw new GraphException(path, Code.WRONG_KIND, "a list, as its neighbours are");
        }
        if (list.size() != shape[depth]) {
            throw new GraphException(path, Code.RAGGED, shape[depth], list.size());
        }
        List<Object> out = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            Object item = list.get(i);
            // A path is text that only a refusal needs, and data may be long.
            out.add(depth + 1 == shape.length && isPlain(item, type)
                    ? plain(item, type)
                    : read(item, shape, depth + 1, type, path + "[" + i + "]"));
        }
        return out;
    }

    private static boolean isPlain(Object json, DType type) {
        return switch (json) {
            case Integer i -> type != DType.BOOL;
            case Double d -> type.isFloat() && !Double.isInfinite(d);
            case Boolean b -> type == DType.BOOL;
            case null, default -> false;
        };
    }

    private static Object plain(Object json, DType type) {
        if (json instanceof Boolean) {
            return json;
        }
        Number number = (Number) json;
        return type == DType.INT64 ? (Object) number.longValue() : (Object) number.doubleValue();
    }

    private static Object number(Object json, DType type, String path) {
        if (json instanceof List) {
            throw new GraphException(path, Code.WRONG_KIND, "a number, as its neighbours are");
        }
        double value = json instanceof Boolean flag ? (flag ? 1 : 0) : JsonFields.number(json, path);
        switch (type) {
            case BOOL -> {
                if (value != 0 && value != 1) {
                    throw new GraphException(path, Code.WRONG_KIND, "true or false, or 1 or 0");
                }
                return value == 1;
            }
            case INT64 -> {
                return json instanceof Boolean ? (Object) (long) value : JsonFields.integer(json, path);
            }
            default -> {
                return value;
            }
        }
    }

    private static int[] shape(Object data, String path) {
        int[] shape = new int[MAX_RANK];
        int rank = 0;
        long elements = 1;
        while (data instanceof List<?> list) {
            if (rank == MAX_RANK) {
                throw new GraphException(path, Code.TOO_DEEP, MAX_RANK);
            }
            shape[rank++] = list.size();
            elements *= list.size();
            if (elements > MAX_ELEMENTS) {
                throw new GraphException(path, Code.TOO_MANY, MAX_ELEMENTS, "numbers");
            }
            if (list.isEmpty()) {
                break;
            }
            data = list.getFirst();
        }
        int[] exact = new int[rank];
        System.arraycopy(shape, 0, exact, 0, rank);
        return exact;
    }

    /** The extents of nested data, as {@link #read} returned it. */
    public static int[] shape(Object data) {
        return shape(data, "data");
    }

    /** The numbers of nested data in row-major order; true is 1. */
    public static double[] flat(Object data) {
        int count = 1;
        for (int extent : shape(data)) {
            count *= extent;
        }
        double[] out = new double[count];
        flatten(data, out, 0);
        return out;
    }

    private static int flatten(Object data, double[] out, int at) {
        if (data instanceof List<?> list) {
            for (Object item : list) {
                at = flatten(item, out, at);
            }
            return at;
        }
        out[at] = data instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) data).doubleValue();
        return at + 1;
    }

    /**
     * Nested data for JSON: a Float, Double, Long, Boolean or one of the three texts by the type, or a list of such.
     *
     * @param flat the numbers in row-major order
     */
    public static Object toJson(double[] flat, int[] shape, DType type) {
        int[] next = {0};
        return toJson(flat, next, shape, 0, type);
    }

    private static Object toJson(double[] flat, int[] next, int[] shape, int depth, DType type) {
        if (depth == shape.length) {
            return toJson(flat[next[0]++], type);
        }
        JsonArray list = new JsonArray(shape[depth]);
        for (int i = 0; i < shape[depth]; i++) {
            list.add(toJson(flat, next, shape, depth + 1, type));
        }
        return list;
    }

    private static Object toJson(double value, DType type) {
        return switch (type) {
            case BOOL -> (Object) (value != 0);
            case INT64 -> (Object) (long) value;
            case FLOAT32 -> Double.isFinite(value) ? (Object) (float) value : JsonFields.nonFinite(value);
            case FLOAT64 -> Double.isFinite(value) ? (Object) value : JsonFields.nonFinite(value);
        };
    }
}
