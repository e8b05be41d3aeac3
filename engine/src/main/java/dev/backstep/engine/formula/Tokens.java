package dev.backstep.engine.formula;

import dev.backstep.engine.formula.FormulaException.Code;
import java.util.ArrayList;
import java.util.List;

/** A formula cut into names, numbers, texts and signs. */
final class Tokens {
    /** @param at the place of its first character, from 1 */
    record Token(String text, char kind, int at) {
    }

    /** Kinds of tokens beside signs, whose kind is their first character. */
    static final char NAME = 'n';
    static final char NUMBER = '0';
    static final char TEXT = '"';
    static final char END = ' ';

    private static final List<String> LONG_SIGNS = List.of("**", "<=", ">=", "==", "!=");
    private static final String SIGNS = "+-*/@()[],.<>=";

    private final List<Token> tokens = new ArrayList<>();
    private int next;

    Tokens(String text) {
        int at = 0;
        while (at < text.length()) {
            at = text.charAt(at) <= ' ' ? at + 1 : read(text, at);
        }
        tokens.add(new Token("", END, text.length() + 1));
    }

    private int read(String text, int from) {
        char c = text.charAt(from);
        int to = from + 1;
        if (isLetter(c)) {
            while (to < text.length() && (isLetter(text.charAt(to)) || isDigit(text.charAt(to)))) {
                to++;
            }
            return add(text, from, to, NAME);
        }
        if (isDigit(c) || c == '.' && to < text.length() && isDigit(text.charAt(to))) {
            return add(text, from, endOfNumber(text, from), NUMBER);
        }
        if (c == '"' || c == '\'') {
            int end = text.indexOf(c, to);
            if (end < 0) {
                throw new FormulaException(Code.SYNTAX, text.length() + 1, c, "");
            }
            tokens.add(new Token(text.substring(to, end), TEXT, from + 1));
            return end + 1;
        }
        if (to < text.length() && LONG_SIGNS.contains(text.substring(from, to + 1))) {
            return add(text, from, to + 1, c);
        }
        if (SIGNS.indexOf(c) < 0) {
            throw new FormulaException(Code.SYNTAX, from + 1, "x + y", c);
        }
        return add(text, from, to, c);
    }

    private static int endOfNumber(String text, int from) {
        int to = from;
        boolean point = false;
        while (to < text.length() && (isDigit(text.charAt(to)) || text.charAt(to) == '.' && !point)) {
            point |= text.charAt(to) == '.';
            to++;
        }
        if (to < text.length() && (text.charAt(to) == 'e' || text.charAt(to) == 'E')) {
            int digits = to + 1;
            if (digits < text.length() && (text.charAt(digits) == '-' || text.charAt(digits) == '+')) {
                digits++;
            }
            if (digits < text.length() && isDigit(text.charAt(digits))) {
                to = digits;
                while (to < text.length() && isDigit(text.charAt(to))) {
                    to++;
                }
            }
        }
        return to;
    }

    private int add(String text, int from, int to, char kind) {
        tokens.add(new Token(text.substring(from, to), kind, from + 1));
        return to;
    }

    static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    Token peek() {
        return tokens.get(next);
    }

    /** The token after the next one. */
    Token second() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = peek();
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    /** Takes the next token where it is that sign. */
    boolean takes(String sign) {
        Token token = peek();
        boolean fits = token.kind != TEXT && token.kind != NAME && token.text.equals(sign);
        if (fits) {
            take();
        }
        return fits;
    }

    void need(String sign) {
        if (!takes(sign)) {
            throw unexpected(sign);
        }
    }

    /** The refusal of what comes next. */
    FormulaException unexpected(String wanted) {
        return new FormulaException(Code.SYNTAX, peek().at, wanted, peek().text);
    }
}
