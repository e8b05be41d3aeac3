package dev.backstep.engine.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Formulas as code in float32: a statement for each subformula, one for equal ones. A subclass is a language. */
abstract class Code {
    /** A number in code; a truth is a bool there and becomes a number where one is wanted. */
    record Value(String text, boolean isTruth) {
    }

    private final IntFunction<String> args;
    private final UnaryOperator<String> params;
    private final StringBuilder statements = new StringBuilder();
    private final Map<Expr, Value> values = new IdentityHashMap<>();
    private final Map<String, Value> equals = new HashMap<>();
    private final List<String> results = new ArrayList<>();

    /**
     * @param args the code of an argument
     * @param params the code of a parameter
     */
    Code(List<Expr> formulas, IntFunction<String> args, UnaryOperator<String> params) {
        this.args = args;
        this.params = params;
        for (Expr formula : formulas) {
            results.add(number(value(formula)));
        }
    }

    /** A number as the language writes it. */
    abstract String constant(double value);

    /** A value as a number. */
    abstract String number(Value value);

    /** Whether a value is not zero. */
    abstract String truth(Value value);

    /** A function of values. */
    abstract String code(Fn fn, Value[] in);

    /** The statement that gives a value its name. */
    abstract String statement(Value named, String text);

    /** Declarations of all that the results read. */
    public final String statements() {
        return statements.toString();
    }

    /** An expression for each formula. */
    public final List<String> results() {
        return results;
    }

    private Value value(Expr e) {
        Value known = values.get(e);
        if (known == null) {
            known = switch (e) {
                case Expr.Const c -> new Value(constant(c.value()), false);
                case Expr.Arg a -> new Value(args.apply(a.index()), false);
                case Expr.Param p -> new Value(params.apply(p.name()), false);
                case Expr.Call c -> call(c);
            };
            values.put(e, known);
        }
        return known;
    }

    private Value call(Expr.Call c) {
        Fn fn = c.fn();
        Value[] in = new Value[3];
        boolean fixed = true;
        for (int i = 0; i < fn.arity(); i++) {
            in[i] = value(c.arg(i));
            fixed &= c.arg(i) instanceof Expr.Const;
        }
        if (fixed) {
            // A compiler would compute it too, and refuse what overflows.
            return new Value(constant(Program.apply(fn, constant(c, 0), constant(c, 1), constant(c, 2))), false);
        }
        String text = fn == Fn.POW && c.arg(1) instanceof Expr.Const power ? power(in[0], power.value()) : null;
        text = text == null ? code(fn, in) : text;
        Value same = equals.get(text);
        if (same == null) {
            same = new Value("t" + equals.size(), fn.isTruth());
            equals.put(text, same);
            statements.append(statement(same, text)).append('\n');
        }
        return same;
    }

    private static double constant(Expr.Call c, int i) {
        return i < c.args().size() ? (float) ((Expr.Const) c.arg(i)).value() : 0;
    }

    /** A small whole power as products, or null. */
    private String power(Value base, double exponent) {
        String x = number(base);
        if (exponent == 2) {
            return x + " * " + x;
        }
        if (exponent == 3) {
            return x + " * " + x + " * " + x;
        }
        return exponent == -1 ? code(Fn.DIV, new Value[] {new Value(constant(1), false), base, null}) : null;
    }
}
