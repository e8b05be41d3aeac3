package dev.backstep.engine.graph;

import dev.backstep.engine.graph.Reason.Code;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer as PyTorch's programs write it: {@code Linear(2, 8)}, {@code Conv2d(1, 8, 3, padding=1)},
 * {@code Sequential(Linear(2, 8), ReLU())}.
 *
 * @param name the class
 * @param given the arguments without a name: Double, String, Boolean, a List of Doubles, or a LayerCall
 * @param named those with one
 */
record LayerCall(String name, List<Object> given, Map<String, Object> named) {
    private static final int MAX_DEPTH = 8;

    /** @throws GraphException where the text is no such call */
    static LayerCall read(String text) {
        return new Reader(text).whole();
    }

    /** The argument at a place or with a name, or the fallback where neither is given. */
    Object argument(int place, String argument, Object fallback) {
        return place < given.size() ? given.get(place) : named.getOrDefault(argument, fallback);
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        LayerCall whole() {
            LayerCall call = call(word("a layer"), 0);
            if (peek() != 0) {
                throw wrong("the end");
            }
            return call;
        }

        private LayerCall call(String name, int depth) {
            if (depth > MAX_DEPTH) {
                throw wrong("less deep nesting");
            }
            expect('(');
            List<Object> given = new ArrayList<>();
            Map<String, Object> named = new LinkedHashMap<>();
            while (peek() != ')') {
                if (!given.isEmpty() || !named.isEmpty()) {
                    expect(',');
                }
                if (peek() != ')') {
                    argument(given, named, depth);
                }
            }
            expect(')');
            return new LayerCall(name, given, named);
        }

        private void argument(List<Object> given, Map<String, Object> named, int depth) {
            Object value = value(depth);
            if (value instanceof String name && peek() == '=') {
                expect('=');
                named.put(name, value(depth));
            } else if (named.isEmpty()) {
                given.add(value);
            } else {
                throw wrong("name=");
            }
        }

        private Object value(int depth) {
            char c = peek();
            if (c == '(') {
                return tuple();
            }
            if (Character.isLetter(c)) {
                String word = word("a layer");
                return peek() == '(' ? call(word, depth + 1)
                        : word.equals("True") ? (Object) true : word.equals("False") ? (Object) false : word;
            }
            return number();
        }

        private List<Double> tuple() {
            expect('(');
            List<Double> numbers = new ArrayList<>();
            while (peek() != ')') {
                if (!numbers.isEmpty()) {
                    expect(',');
                }
                if (peek() != ')') {
                    numbers.add(number());
                }
            }
            expect(')');
            return numbers;
        }

        private Double number() {
            peek();
            int from = at;
            while (at < text.length() && "0123456789.+-eE".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            try {
                return Double.parseDouble(text.substring(from, at));
            } catch (NumberFormatException unreadable) {
                at = from;
                throw wrong("a number");
            }
        }

        private String word(String what) {
            peek();
            int from = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
                at++;
            }
            if (from == at) {
                throw wrong(what);
            }
            return text.substring(from, at);
        }

        /** The next character that is no blank, or 0 at the end. */
        private char peek() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private void expect(char c) {
            if (peek() != c) {
                throw wrong("'" + c + "'");
            }
            at++;
        }

        private GraphException wrong(String wanted) {
            char c = peek();
            return new GraphException("", Code.LAYER_SYNTAX, at + 1, wanted, c == 0 ? "the end" : "'" + c + "'");
        }
    }
}
