package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;

/** Python's format of a number: {@code [width][.precision][type]}. */
final class FormatSpec {
    private static final int DEFAULT_PRECISION = 6;

    private final String text;
    private final DType of;
    private int width;
    private int precision = -1;
    private char type;

    FormatSpec(String text, DType of) {
        this.text = text;
        this.of = of;
        int at = 0;
        while (at < text.length() && isDigit(text.charAt(at))) {
            width = 10 * width + text.charAt(at++) - '0';
        }
        if (at < text.length() && text.charAt(at) == '.') {
            int start = ++at;
            precision = 0;
            while (at < text.length() && isDigit(text.charAt(at))) {
                precision = 10 * precision + text.charAt(at++) - '0';
            }
            if (at == start) {
                throw TorchError.value("Format specifier missing precision");
            }
        }
        if (at < text.length()) {
            type = text.charAt(at++);
        }
        boolean known = type == 0 || "fe%".indexOf(type) >= 0 || type == 'd' && !of.isFloat();
        if (at < text.length() || type == 0 && precision >= 0) {
            throw TorchError.value("Invalid format specifier");
        }
        if (!known) {
            throw TorchError.value("Unknown format code '" + type + "' for object of type '" + className() + "'");
        }
        if (type == 'd' && precision >= 0) {
            throw TorchError.value("Precision not allowed in integer format specifier");
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private String className() {
        return of.isFloat() ? "float" : of == DType.INT64 ? "int" : "bool";
    }

    /** The number of a zero-dimensional tensor in this format, to the right where it is narrower. */
    String format(Tensor tensor) {
        int places = precision < 0 ? DEFAULT_PRECISION : precision;
        String number = switch (type) {
            case 'f' -> Decimal.fixed(tensor.item(), places);
            case 'e' -> Decimal.scientific(tensor.item(), places);
            case '%' -> Decimal.fixed(100 * tensor.item(), places) + "%";
            default -> plain(tensor);
        };
        return " ".repeat(Math.max(width - number.length(), 0)) + number;
    }

    private String plain(Tensor tensor) {
        if (tensor.dtype() == DType.INT64) {
            return Long.toString(tensor.toLongs()[0]);
        }
        if (tensor.dtype() == DType.BOOL) {
            // A truth is an integer as soon as a format is given.
            boolean truth = tensor.item() != 0;
            return text.isEmpty() ? truth ? "True" : "False" : truth ? "1" : "0";
        }
        return Decimal.repr(tensor.item());
    }
}
