package dev.backstep.engine.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Formulas as WGSL in float32: a statement for each subformula, one for equal ones. NaN, infinities and the sign of
 * zero come out as {@link Program} has them, whatever a compiler may assume; sums and products of denormals may be
 * zero, which WGSL allows.
 */
public final class Wgsl {
    /** A number in code; a truth is a bool there and becomes a number where one is wanted. */
    private record Value(String text, boolean isTruth) {
        String number() {
            return isTruth ? "f32(" + text + ")" : text;
        }

        String truth() {
            return isTruth ? text : "!is_zero(" + text + ")";
        }
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
    public Wgsl(List<Expr> formulas, IntFunction<String> args, UnaryOperator<String> params) {
        this.args = args;
        this.params = params;
        for (Expr formula : formulas) {
            results.add(value(formula).number());
        }
    }

    /** Declarations of all that the results read. */
    public String statements() {
        return statements.toString();
    }

    /** An expression for each formula. */
    public List<String> results() {
        return results;
    }

    /** The functions that this code calls: its own and those it is put into, which may call the same. */
    public static String functions(String code) {
        return WgslFunctions.calledIn(code);
    }

    /** A number as this language writes it, not infinite nor NaN as a constant. */
    public static String number(double value) {
        float x = (float) value;
        if (x != x) {
            return "not_a_number()";
        }
        if (Float.isInfinite(x)) {
            return x > 0 ? "infinity()" : "(-infinity())";
        }
        int bits = Float.floatToRawIntBits(x);
        if (x == (int) x && Math.abs(x) < 1e6f && bits != Integer.MIN_VALUE) {
            return x < 0 ? "(" + (int) x + ".0)" : (int) x + ".0";
        }
        return "bitcast<f32>(0x" + Integer.toHexString(bits) + "u)";
    }

    private Value value(Expr e) {
        Value known = values.get(e);
        if (known == null) {
            known = switch (e) {
                case Expr.Const c -> new Value(number(c.value()), false);
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
            return new Value(number(Program.apply(fn, constant(c, 0), constant(c, 1), constant(c, 2))), false);
        }
        String text = fn == Fn.POW && c.arg(1) instanceof Expr.Const power ? power(in[0].number(), power.value())
                : null;
        text = text == null ? code(fn, in) : text;
        Value same = equals.get(text);
        if (same == null) {
            same = new Value("t" + equals.size(), fn.isTruth());
            equals.put(text, same);
            statements.append("let ").append(same.text()).append(" = ").append(text).append(";\n");
        }
        return same;
    }

    private static double constant(Expr.Call c, int i) {
        return i < c.args().size() ? (float) ((Expr.Const) c.arg(i)).value() : 0;
    }

    /** A small whole power as products, or null. */
    private static String power(String x, double exponent) {
        if (exponent == 2) {
            return x + " * " + x;
        }
        if (exponent == 3) {
            return x + " * " + x + " * " + x;
        }
        return exponent == -1 ? "fn_div(1.0, " + x + ")" : null;
    }

    private static String code(Fn fn, Value[] in) {
        String x = in[0].number();
        String y = fn.arity() > 1 ? in[1].number() : "";
        return switch (fn) {
            case NEG -> "fn_neg(" + x + ")";
            case ABS -> "fn_abs(" + x + ")";
            case SIGN -> "fn_sign(" + x + ")";
            case FLOOR -> "fn_floor(" + x + ")";
            case ROUND -> "fn_round(" + x + ")";
            case NOT -> "!(" + in[0].truth() + ")";
            case EXP -> "fn_exp(" + x + ")";
            case EXPM1 -> "fn_expm1(" + x + ")";
            case LOG -> "fn_log(" + x + ")";
            case LOG1P -> "fn_log1p(" + x + ")";
            case SQRT -> "fn_sqrt(" + x + ")";
            case RSQRT -> "fn_rsqrt(" + x + ")";
            case SIN -> "fn_sin(" + x + ")";
            case COS -> "fn_cos(" + x + ")";
            case TAN -> "fn_tan(" + x + ")";
            case TANH -> "fn_tanh(" + x + ")";
            case SIGMOID -> "fn_sigmoid(" + x + ")";
            case ERF -> "fn_erf(" + x + ")";
            case ADD -> x + " + " + y;
            case SUB -> x + " - " + y;
            case MUL -> x + " * " + y;
            case DIV -> "fn_div(" + x + ", " + y + ")";
            case POW -> "fn_pow(" + x + ", " + y + ")";
            case MIN -> "fn_min(" + x + ", " + y + ")";
            case MAX -> "fn_max(" + x + ", " + y + ")";
            case EQ -> "fn_eq(" + x + ", " + y + ")";
            case NE -> "!fn_eq(" + x + ", " + y + ")";
            case LT -> "fn_lt(" + x + ", " + y + ")";
            case LE -> "fn_le(" + x + ", " + y + ")";
            case GT -> "fn_lt(" + y + ", " + x + ")";
            case GE -> "fn_le(" + y + ", " + x + ")";
            case AND -> "(" + in[0].truth() + ") & (" + in[1].truth() + ")";
            case OR -> "(" + in[0].truth() + ") | (" + in[1].truth() + ")";
            case SELECT -> "select(" + in[2].number() + ", " + y + ", " + in[0].truth() + ")";
        };
    }
}
