package dev.backstep.web.value;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads what people type into a tensor: {@code 2}, {@code 1, 2, 3}, {@code [[1, 2], [3, 4]]}, and the shorthands
 * {@code ones(2, 2)}, {@code zeros(3)}, {@code full(2, 2, 0.5)} (its last number fills), {@code eye(3)},
 * {@code arange(6)}, {@code linspace(0, 1, 5)}; {@code torch.} before and {@code tensor(...)} around are allowed.
 */
public final class ValueText {
    /** The most elements that may be typed into one box. */
    public static final int MAX_ELEMENTS = 65_536;

    private static final int MAX_DEPTH = 8;

    private final String text;
    private int at;
    private int elements;

    private ValueText(String text) {
        this.text = text;
    }

    /**
     * The numbers of a text: a Double, or a List of such, nested as typed.
     *
     * @throws ValueException saying what is wrong and where
     */
    public static Object read(String text) throws ValueException {
        ValueText reader = new ValueText(text);
        reader.space();
        if (reader.at == text.length()) {
            throw new ValueException("value.error.empty");
        }
        Object first = reader.value(0);
        Object value = first;
        if (reader.skip(',')) {
            List<Object> row = new ArrayList<>();
            row.add(first);
            while (reader.at < text.length()) {
                row.add(reader.value(0));
                if (!reader.skip(',')) {
                    break;
                }
            }
            value = row;
        }
        if (reader.at < text.length()) {
            throw reader.unexpected();
        }
        depth(value);
        return value;
    }

    /** How many lists the value lies in; refuses rows of different lengths. */
    private static int depth(Object value) throws ValueException {
        if (!(value instanceof List<?> list)) {
            return 0;
        }
        int inner = -1;
        int length = -1;
        for (Object part : list) {
            int depth = depth(part);
            int size = part instanceof List<?> row ? row.size() : 0;
            if (inner >= 0 && depth != inner) {
                throw new ValueException("value.error.mixed");
            }
            if (length >= 0 && size != length) {
                throw new ValueException("value.error.ragged", length, size);
            }
            inner = depth;
            length = size;
        }
        return inner + 1 + (list.isEmpty() ? 1 : 0);
    }

    private Object value(int depth) throws ValueException {
        space();
        if (at == text.length()) {
            throw new ValueException("value.error.ends");
        }
        char c = text.charAt(at);
        if (c == '[' || c == '(') {
            return list(c == '[' ? ']' : ')', depth);
        }
        return Character.isLetter(c) ? word(depth) : number();
    }

    private List<Object> list(char end, int depth) throws ValueException {
        if (depth == MAX_DEPTH) {
            throw new ValueException("value.error.deep", MAX_DEPTH);
        }
        at++;
        List<Object> list = new ArrayList<>();
        while (!skip(end)) {
            list.add(value(depth + 1));
            if (!skip(',') && !ahead(end)) {
                throw at < text.length() ? unexpected() : new ValueException("value.error.open", end);
            }
        }
        return list;
    }

    /** {@code inf}, {@code nan}, {@code True}, or a shorthand with its numbers in brackets. */
    private Object word(int depth) throws ValueException {
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.'
                || text.charAt(at) == '_')) {
            at++;
        }
        String word = text.substring(from, at);
        String name = word.startsWith("torch.") ? word.substring("torch.".length()) : word;
        space();
        switch (name) {
            case "inf", "nan" -> {
                return counted(name.equals("inf") ? Double.POSITIVE_INFINITY : Double.NaN);
            }
            case "True", "true" -> {
                return counted(1.0);
            }
            case "False", "false" -> {
                return counted(0.0);
            }
            default -> {
                if (!ahead('(')) {
                    throw new ValueException("value.error.word", word);
                }
            }
        }
        List<Object> arguments = list(')', depth);
        if (name.equals("tensor") && arguments.size() == 1) {
            return arguments.getFirst();
        }
        Object made = Shorthand.make(name, arguments);
        if (made == null) {
            throw new ValueException("value.error.word", word);
        }
        return made;
    }

    private Double number() throws ValueException {
        int from = at;
        while (at < text.length() && isNumberPart(text.charAt(at), at == from ? ' ' : text.charAt(at - 1))) {
            at++;
        }
        String digits = text.substring(from, at).replace('\u2212', '-');
        if (digits.equals("-") && text.startsWith("inf", at)) {
            at += "inf".length();
            return counted(Double.NEGATIVE_INFINITY);
        }
        double value;
        try {
            value = Double.parseDouble(digits);
        } catch (NumberFormatException notANumber) {
            at = from;
            throw unexpected();
        }
        space();
        return counted(value);
    }

    private static boolean isNumberPart(char c, char before) {
        boolean sign = c == '-' || c == '+' || c == '\u2212';
        return c >= '0' && c <= '9' || c == '.' || c == 'e' || c == 'E'
                || sign && (before == ' ' || before == 'e' || before == 'E');
    }

    private Double counted(double value) throws ValueException {
        if (++elements > MAX_ELEMENTS) {
            throw new ValueException("value.error.large", MAX_ELEMENTS);
        }
        return value;
    }

    private ValueException unexpected() {
        int end = Math.min(text.length(), at + 12);
        return new ValueException("value.error.unexpected", text.substring(at, end), at + 1);
    }

    private boolean ahead(char c) {
        space();
        return at < text.length() && text.charAt(at) == c;
    }

    private boolean skip(char c) {
        if (!ahead(c)) {
            return false;
        }
        at++;
        space();
        return true;
    }

    private void space() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    /** A value as text that reads back as the same: {@code [[1, 2], [3, 4]]}. */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        switch (value) {
            case List<?> list -> {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    out.append(i == 0 ? "" : ", ");
                    write(list.get(i), out);
                }
                out.append(']');
            }
            case Boolean flag -> out.append(flag ? "True" : "False");
            case Number number -> out.append(NumberText.exact(number.doubleValue()));
            default -> out.append(value);
        }
    }
}
