package dev.backstep.engine.graph;

import com.grack.nanojson.JsonArray;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Numbers as nested lists, the way {@code tolist()} gives them: a Double, Long or Boolean by type, or a List of such.
 * JSON has no NaN and no infinities; there, {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"} stand for them.
 */
public final class Nested {
    /** The most elements and dimensions that may be typed into one tensor. */
    public static final int MAX_ELEMENTS = 100_000;

    public static final int MAX_RANK = 16;

    private Nested() {}

    /** The same data as another type keeps it: what {@code .to(dtype)} does, integers and truths included. */
    public static Object convert(Object data, DType type) {
        if (data instanceof List<?> list) {
            List<Object> out = new ArrayList<>(list.size());
            for (Object item : list) {
                out.add(convert(item, type));
            }
            return out;
        }
        Number number = data instanceof Boolean flag ? (Number) (flag ? 1L : 0L) : (Number) data;
        return switch (type) {
            case BOOL -> (Object) (number.doubleValue() != 0);
            case INT64 -> (Object) number.longValue();
            case FLOAT32, FLOAT64 -> (Object) number.doubleValue();
        };
    }

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
        double[] out = new double[count(data)];
        flatten(data, out, 0);
        return out;
    }

    /** Likewise, integers to the last bit. */
    static long[] longs(Object data) {
        long[] out = new long[count(data)];
        flatten(data, out, 0);
        return out;
    }

    private static int count(Object data) {
        int count = 1;
        for (int extent : shape(data)) {
            count *= extent;
        }
        return count;
    }

    private static int flatten(Object data, long[] out, int at) {
        if (data instanceof List<?> list) {
            for (Object item : list) {
                at = flatten(item, out, at);
            }
            return at;
        }
        out[at] = ((Number) data).longValue();
        return at + 1;
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

    /** Nested data as {@link #read} takes it, whole numbers without a point: the reader knows the type of each. */
    public static Object toJson(Object data) {
        return switch (data) {
            case List<?> list -> {
                JsonArray array = new JsonArray(list.size());
                for (Object item : list) {
                    array.add(toJson(item));
                }
                yield array;
            }
            case Double d when !Double.isFinite(d) -> JsonFields.nonFinite(d);
            case Double d when d == Math.rint(d) && Math.abs(d) < 1e15 && !(d == 0 && 1 / d < 0) -> d.longValue();
            default -> data;
        };
    }

    /** A tensor for JSON: a Double, Long, Boolean or one of the three texts by its type, or a list of such. */
    public static Object of(Tensor tensor) {
        if (tensor.dtype() == DType.INT64) {
            long[] flat = tensor.toLongs();
            return nest(i -> flat[i], tensor.shape());
        }
        double[] flat = tensor.toDoubles();
        return nest(i -> toJson(flat[i], tensor.dtype()), tensor.shape());
    }

    private static Object nest(IntFunction<Object> at, int[] shape) {
        return nest(at, new int[1], shape, 0);
    }

    private static Object nest(IntFunction<Object> at, int[] next, int[] shape, int depth) {
        if (depth == shape.length) {
            return at.apply(next[0]++);
        }
        JsonArray list = new JsonArray(shape[depth]);
        for (int i = 0; i < shape[depth]; i++) {
            list.add(nest(at, next, shape, depth + 1));
        }
        return list;
    }

    private static Object toJson(double value, DType type) {
        return switch (type) {
            case BOOL -> (Object) (value != 0);
            case INT64 -> throw new IllegalArgumentException("int64 is read as integers");
            case FLOAT32, FLOAT64 ->
                !Double.isFinite(value)
                        ? JsonFields.nonFinite(value)
                        : (Object) (type == DType.FLOAT32 ? ShortestDecimal.of((float) value) : value);
        };
    }
}
