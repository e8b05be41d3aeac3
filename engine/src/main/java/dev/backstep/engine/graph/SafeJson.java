package dev.backstep.engine.graph;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.backstep.engine.graph.Reason.Code;

/**
 * Parses JSON that anybody may have written. The parser recurses, builds numbers of any length, and puts fields into
 * hash tables, so depth, length, digits and fields are counted before it sees the text.
 */
public final class SafeJson {
    /** The longest text that is read, in UTF-16 units. */
    public static final int MAX_CHARACTERS = 1_000_000;

    static final int MAX_DEPTH = 40;
    static final int MAX_FIELDS = 100;
    static final int MAX_DIGITS = 40;

    private SafeJson() {}

    /** @throws GraphException where the text is no JSON object or passes a limit */
    public static JsonObject parse(String text) {
        return parse(text, MAX_CHARACTERS);
    }

    /** The same with another limit to the length. */
    public static JsonObject parse(String text, int limit) {
        if (text.length() > limit) {
            throw new GraphException("", Code.TOO_LONG, text.length(), limit);
        }
        checkLimits(text);
        try {
            Object root = JsonParser.any().from(text);
            if (root instanceof JsonObject object) {
                return object;
            }
            throw new GraphException("", Code.WRONG_KIND, "a JSON object, {...}");
        } catch (JsonParserException refused) {
            throw new GraphException(
                    "", Code.NOT_JSON, refused.getLinePosition(), refused.getCharPosition(), what(refused, text));
        }
    }

    /** What the parser found, without the place, which is told anyway. */
    private static String what(JsonParserException refused, String text) {
        String message = refused.getMessage();
        int place = message.indexOf(" on line ");
        return refused.getCharOffset() >= text.length()
                ? "it ends too early"
                : place < 0 ? message : message.substring(0, place);
    }

    private static void checkLimits(String text) {
        int[] fields = new int[MAX_DEPTH + 1];
        int depth = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            digits = c >= '0' && c <= '9' ? digits + 1 : 0;
            if (digits > MAX_DIGITS) {
                throw new GraphException("", Code.LONG_NUMBER, i + 1, MAX_DIGITS);
            }
            switch (c) {
                case '"' -> i = endOfString(text, i);
                case '{', '[' -> {
                    if (++depth > MAX_DEPTH) {
                        throw new GraphException("", Code.TOO_DEEP, MAX_DEPTH);
                    }
                    fields[depth] = 0;
                }
                case '}', ']' -> depth = Math.max(0, depth - 1);
                case ':' -> {
                    if (++fields[depth] > MAX_FIELDS) {
                        throw new GraphException("", Code.TOO_MANY, MAX_FIELDS, "fields in one object");
                    }
                }
                default -> {}
            }
        }
    }

    private static int endOfString(String text, int start) {
        int i = start + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }
}
