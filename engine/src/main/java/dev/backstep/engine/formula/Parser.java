package dev.backstep.engine.formula;

import dev.backstep.engine.formula.FormulaException.Code;
import dev.backstep.engine.formula.Tokens.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads expressions as Python binds them: comparison, sum, product, sign, power, then calls and methods. */
final class Parser {
    private static final int MAX_DEPTH = 60;

    private final List<String> names;
    private final Tokens tokens;
    private int depth;

    Parser(String text, List<String> names) {
        this.names = names;
        this.tokens = new Tokens(text);
    }

    /** One or more expressions, with commas between. */
    List<Term> all() {
        List<Term> terms = new ArrayList<>();
        do {
            terms.add(expression());
        } while (tokens.takes(",") && tokens.peek().kind() != Tokens.END);
        if (tokens.peek().kind() != Tokens.END) {
            throw tokens.unexpected(",");
        }
        return terms;
    }

    private Term expression() {
        if (++depth > MAX_DEPTH) {
            throw new FormulaException(Code.TOO_LONG, Formula.MAX_LENGTH);
        }
        Term left = sum();
        String sign = tokens.peek().text();
        String op = switch (tokens.peek().kind() == Tokens.TEXT ? "" : sign) {
            case "<" -> "lt";
            case "<=" -> "le";
            case ">" -> "gt";
            case ">=" -> "ge";
            case "==" -> "eq";
            case "!=" -> "ne";
            default -> null;
        };
        if (op != null) {
            tokens.take();
            left = Calls.binary(op, left, sum());
        }
        depth--;
        return left;
    }

    private Term sum() {
        Term left = product();
        while (true) {
            if (tokens.takes("+")) {
                left = Calls.binary("add", left, product());
            } else if (tokens.takes("-")) {
                left = Calls.binary("sub", left, product());
            } else {
                return left;
            }
        }
    }

    private Term product() {
        Term left = signed();
        while (true) {
            if (tokens.takes("*")) {
                left = Calls.binary("mul", left, signed());
            } else if (tokens.takes("/")) {
                left = Calls.binary("div", left, signed());
            } else if (tokens.takes("@")) {
                left = Calls.binary("matmul", left, signed());
            } else {
                return left;
            }
        }
    }

    private Term signed() {
        if (tokens.takes("-")) {
            return deeper(() -> Calls.negative(signed()));
        }
        return tokens.takes("+") ? deeper(this::signed) : power();
    }

    private Term power() {
        Term base = behind(atom());
        return tokens.takes("**") ? deeper(() -> Calls.binary("pow", base, signed())) : base;
    }

    private Term deeper(java.util.function.Supplier<Term> inner) {
        if (++depth > MAX_DEPTH) {
            throw new FormulaException(Code.TOO_LONG, Formula.MAX_LENGTH);
        }
        Term term = inner.get();
        depth--;
        return term;
    }

    private Term atom() {
        Token token = tokens.peek();
        switch (token.kind()) {
            case Tokens.NUMBER -> {
                return number(tokens.take().text());
            }
            case Tokens.TEXT -> {
                return new Term.Literal(tokens.take().text());
            }
            case Tokens.NAME -> {
                return named();
            }
            case '(' -> {
                tokens.take();
                Term first = expression();
                if (tokens.peek().text().equals(",")) {
                    return list(first, ")");
                }
                tokens.need(")");
                return first;
            }
            case '[' -> {
                tokens.take();
                return tokens.takes("]") ? new Term.Literal(List.of()) : list(expression(), "]");
            }
            default -> throw tokens.unexpected("x");
        }
    }

    private Term list(Term first, String end) {
        List<Term> items = new ArrayList<>(List.of(first));
        while (tokens.takes(",") && !tokens.peek().text().equals(end)) {
            items.add(expression());
        }
        tokens.need(end);
        return new Term.Literal(items);
    }

    private static Term number(String text) {
        boolean whole = text.length() <= 15 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return new Term.Num(whole ? (Number) Long.valueOf(text) : (Number) Double.valueOf(text));
    }

    /** A tensor, a constant of Python's, or a function with PyTorch's modules before it. */
    private Term named() {
        Token token = tokens.take();
        String name = token.text();
        int index = names.indexOf(name);
        if (index >= 0) {
            return new Term.Name(index);
        }
        while (Calls.isModule(name) && tokens.peek().text().equals(".") && tokens.second().kind() == Tokens.NAME) {
            tokens.take();
            name = tokens.take().text();
        }
        if (tokens.takes("(")) {
            return call(name, null);
        }
        Term constant = Calls.constant(name);
        if (constant == null) {
            throw new FormulaException(Code.NAME, name, String.join(", ", names));
        }
        return constant;
    }

    /** Methods and properties behind a term: {@code x.sum(dim=0)}, {@code w.T}. */
    private Term behind(Term first) {
        Term term = first;
        while (tokens.peek().text().equals(".") && tokens.peek().kind() == '.') {
            tokens.take();
            if (tokens.peek().kind() != Tokens.NAME) {
                throw tokens.unexpected("sum");
            }
            String name = tokens.take().text();
            term = tokens.takes("(") ? call(name, term) : Calls.property(name, term);
        }
        return term;
    }

    private Term call(String name, Term self) {
        List<Term> given = new ArrayList<>();
        Map<String, Term> byName = new LinkedHashMap<>();
        if (self != null) {
            given.add(self);
        }
        while (!tokens.takes(")")) {
            if (tokens.peek().kind() == Tokens.NAME && tokens.second().text().equals("=")
                    && tokens.second().kind() == '=') {
                String argument = tokens.take().text();
                tokens.take();
                byName.put(argument, expression());
            } else {
                given.add(expression());
            }
            if (!tokens.takes(",") && !tokens.peek().text().equals(")")) {
                throw tokens.unexpected(")");
            }
        }
        return Calls.call(name, given, byName);
    }
}
