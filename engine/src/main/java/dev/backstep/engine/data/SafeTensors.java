package dev.backstep.engine.data;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors by name as bytes in the safetensors format: eight bytes with the length of the header, little-endian; the
 * header, a JSON object that gives for each name {@code dtype}, {@code shape} and {@code data_offsets}, padded with
 * spaces to a multiple of eight; the numbers, little-endian and row-major, one tensor behind another. A state
 * dictionary goes there and back.
 */
public final class SafeTensors {
    /** The longest header that is read, in bytes. */
    public static final int MAX_HEADER = 1_000_000;

    private static final int MAX_RANK = 64;
    private static final int MAX_DEPTH = 4;
    private static final int MAX_DIGITS = 18;
    private static final String METADATA = "__metadata__";

    /** One tensor of a header; the numbers are those of the bytes behind it. */
    private record Entry(String name, DType type, int[] shape, long begin, long end) {
    }

    private SafeTensors() {
    }

    // Writing

    /** The tensors as bytes, those of wider types first, so that each is aligned. */
    public static byte[] write(Map<String, Tensor> tensors) {
        return write(tensors, Map.of());
    }

    /** @param metadata texts by name that stand in the header beside the tensors */
    public static byte[] write(Map<String, Tensor> tensors, Map<String, String> metadata) {
        List<String> names = new ArrayList<>(tensors.keySet());
        names.sort(Comparator.comparingInt((String name) -> -rank(tensors.get(name).dtype()))
                .thenComparing(Comparator.naturalOrder()));
        JsonObject header = new JsonObject();
        if (!metadata.isEmpty()) {
            header.put(METADATA, new JsonObject(metadata));
        }
        long at = 0;
        for (String name : names) {
            if (name.equals(METADATA)) {
                throw new IllegalArgumentException("no tensor can be named " + METADATA);
            }
            Tensor tensor = tensors.get(name);
            JsonArray shape = new JsonArray();
            for (int extent : tensor.shape()) {
                shape.add(extent);
            }
            long end = at + (long) tensor.numel() * tensor.dtype().bytes();
            JsonObject entry = new JsonObject();
            entry.put("dtype", word(tensor.dtype()));
            entry.put("shape", shape);
            entry.put("data_offsets", JsonArray.from(at, end));
            header.put(name, entry);
            at = end;
        }
        byte[] text = JsonWriter.string(header).getBytes(StandardCharsets.UTF_8);
        int length = (text.length + 7) / 8 * 8;
        if (length > MAX_HEADER || 8L + length + at > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("too much for one file: a header of " + length + " bytes and " + at
                    + " bytes of numbers");
        }
        byte[] bytes = new byte[(int) (8 + length + at)];
        put(bytes, 0, length, 8);
        System.arraycopy(text, 0, bytes, 8, text.length);
        java.util.Arrays.fill(bytes, 8 + text.length, 8 + length, (byte) ' ');
        int to = 8 + length;
        for (String name : names) {
            to = write(bytes, to, tensors.get(name));
        }
        return bytes;
    }

    private static int write(byte[] bytes, int start, Tensor tensor) {
        int size = tensor.dtype().bytes();
        int at = start;
        if (tensor.dtype() == DType.INT64) {
            for (long value : tensor.toLongs()) {
                put(bytes, at, value, size);
                at += size;
            }
            return at;
        }
        for (double value : tensor.toDoubles()) {
            put(bytes, at, switch (tensor.dtype()) {
                case FLOAT32 -> Float.floatToRawIntBits((float) value);
                case FLOAT64 -> Double.doubleToRawLongBits(value);
                default -> value != 0 ? 1 : 0;
            }, size);
            at += size;
        }
        return at;
    }

    private static void put(byte[] bytes, int at, long value, int size) {
        for (int i = 0; i < size; i++) {
            bytes[at + i] = (byte) (value >>> 8 * i);
        }
    }

    // Reading

    /**
     * The tensors by name, in the order of the header.
     *
     * @throws IllegalArgumentException saying what is wrong, where these are not exactly the bytes of such a file or
     *     where it holds a type that the engine lacks
     */
    public static Map<String, Tensor> read(byte[] bytes) {
        JsonObject header = header(bytes);
        List<Entry> entries = entries(header);
        int start = 8 + (int) get(bytes, 0, 8);
        checkCovered(entries, bytes.length - start);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            tensors.put(entry.name, read(bytes, start + (int) entry.begin, entry));
        }
        return tensors;
    }

    /**
     * The texts by name that stand in the header beside the tensors.
     *
     * @throws IllegalArgumentException as {@link #read} does, or where one of them is no text
     */
    public static Map<String, String> metadata(byte[] bytes) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonObject metadata = header(bytes).getObject(METADATA, new JsonObject());
        for (Map.Entry<String, Object> field : metadata.entrySet()) {
            if (!(field.getValue() instanceof String text)) {
                throw refused("'" + field.getKey() + "' of the metadata is no text");
            }
            texts.put(field.getKey(), text);
        }
        return texts;
    }

    private static JsonObject header(byte[] bytes) {
        if (bytes.length < 8) {
            throw refused("the file ends within the header's length");
        }
        long length = get(bytes, 0, 8);
        if (length < 0 || length > MAX_HEADER) {
            throw refused("the header is said to have " + Long.toUnsignedString(length) + " bytes; at most "
                    + MAX_HEADER + " are read");
        }
        if (8 + length > bytes.length) {
            throw refused("the file ends within the header");
        }
        return header(new String(bytes, 8, (int) length, StandardCharsets.UTF_8));
    }

    private static Tensor read(byte[] bytes, int at, Entry entry) {
        int size = entry.type.bytes();
        int count = (int) ((entry.end - entry.begin) / size);
        if (entry.type == DType.INT64) {
            long[] values = new long[count];
            for (int i = 0; i < count; i++) {
                values[i] = get(bytes, at + i * size, size);
            }
            return Tensor.of(values, entry.shape);
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            long bits = get(bytes, at + i * size, size);
            values[i] = switch (entry.type) {
                case FLOAT32 -> Float.intBitsToFloat((int) bits);
                case FLOAT64 -> Double.longBitsToDouble(bits);
                default -> bits;
            };
        }
        return Tensor.of(values, entry.shape, entry.type);
    }

    private static long get(byte[] bytes, int at, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (bytes[at + i] & 0xffL) << 8 * i;
        }
        return value;
    }

    private static JsonObject header(String text) {
        if (!text.startsWith("{")) {
            throw refused("the header does not begin with {");
        }
        checkLimits(text);
        try {
            return JsonParser.object().from(text);
        } catch (JsonParserException broken) {
            throw refused("the header is no JSON object");
        }
    }

    /** The parser recurses and makes numbers of any length, so both are counted before it sees the text. */
    private static void checkLimits(String text) {
        int depth = 0;
        int digits = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
                continue;
            }
            quoted = c == '"';
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            digits = c >= '0' && c <= '9' ? digits + 1 : 0;
            if (depth > MAX_DEPTH || digits > MAX_DIGITS) {
                throw refused("the header is nested too deeply, or holds a number that is too long");
            }
        }
    }

    private static List<Entry> entries(JsonObject header) {
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, Object> field : header.entrySet()) {
            if (field.getKey().equals(METADATA)) {
                continue;
            }
            if (!(field.getValue() instanceof JsonObject entry)) {
                throw refused("'" + field.getKey() + "' is no object");
            }
            entries.add(entry(field.getKey(), entry));
        }
        return entries;
    }

    private static Entry entry(String name, JsonObject entry) {
        DType type = type(entry.getString("dtype"));
        if (type == null) {
            throw refused("'" + name + "' is of a type that is not read: " + entry.getString("dtype"));
        }
        int[] shape = shape(name, entry.getArray("shape"));
        JsonArray offsets = entry.getArray("data_offsets");
        if (offsets == null || offsets.size() != 2) {
            throw refused("'" + name + "' does not say where its numbers are");
        }
        long begin = whole(name, offsets.get(0));
        long end = whole(name, offsets.get(1));
        long bytes = type.bytes();
        for (int extent : shape) {
            bytes *= extent;
            if (bytes > Integer.MAX_VALUE) {
                throw refused("'" + name + "' is too large");
            }
        }
        if (end - begin != bytes) {
            throw refused("'" + name + "' should have " + bytes + " bytes, but has " + (end - begin));
        }
        return new Entry(name, type, shape, begin, end);
    }

    private static int[] shape(String name, JsonArray given) {
        if (given == null || given.size() > MAX_RANK) {
            throw refused("'" + name + "' has no shape, or one of too many dimensions");
        }
        int[] shape = new int[given.size()];
        for (int d = 0; d < shape.length; d++) {
            long extent = whole(name, given.get(d));
            if (extent > Integer.MAX_VALUE) {
                throw refused("'" + name + "' is too large");
            }
            shape[d] = (int) extent;
        }
        return shape;
    }

    private static long whole(String name, Object given) {
        if (!(given instanceof Number number) || number.doubleValue() != number.longValue() || number.longValue() < 0) {
            throw refused("'" + name + "' has a shape or an offset that is no whole number from 0 on");
        }
        return number.longValue();
    }

    /** The tensors must lie one behind another and leave out no byte. */
    private static void checkCovered(List<Entry> entries, int size) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : sorted) {
            if (entry.begin != at) {
                throw refused("'" + entry.name + "' does not begin where the one before ends");
            }
            at = entry.end;
        }
        if (at != size) {
            throw refused("the header speaks of " + at + " bytes of numbers, but there are " + size);
        }
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("not read as safetensors: " + why);
    }

    // Types

    private static String word(DType type) {
        return switch (type) {
            case BOOL -> "BOOL";
            case INT64 -> "I64";
            case FLOAT32 -> "F32";
            case FLOAT64 -> "F64";
        };
    }

    private static DType type(String word) {
        for (DType type : DType.values()) {
            if (word(type).equals(word)) {
                return type;
            }
        }
        return null;
    }

    /** The format's own order of types, by which they are laid out. */
    private static int rank(DType type) {
        return switch (type) {
            case BOOL -> 0;
            case FLOAT32 -> 1;
            case FLOAT64 -> 2;
            case INT64 -> 3;
        };
    }
}
