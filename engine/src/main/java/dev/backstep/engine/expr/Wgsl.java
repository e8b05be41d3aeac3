package dev.backstep.engine.expr;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Formulas as WGSL in float32. NaN, infinities and the sign of zero come out as {@link Program} has them, whatever a
 * compiler may assume; sums and products of denormals may be zero, which WGSL allows.
 */
public final class Wgsl extends Code {
    /**
     * @param args the code of an argument
     * @param params the code of a parameter
     */
    public Wgsl(List<Expr> formulas, IntFunction<String> args, UnaryOperator<String> params) {
        super(formulas, args, params);
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

    @Override
    String constant(double value) {
        return number(value);
    }

    @Override
    String number(Value value) {
        return value.isTruth() ? "f32(" + value.text() + ")" : value.text();
    }

    @Override
    String truth(Value value) {
        return value.isTruth() ? value.text() : "!is_zero(" + value.text() + ")";
    }

    @Override
    String statement(Value named, String text) {
        return "let " + named.text() + " = " + text + ";";
    }

    @Override
    String code(Fn fn, Value[] in) {
        String x = number(in[0]);
        String y = fn.arity() > 1 ? number(in[1]) : "";
        return switch (fn) {
            case NEG -> "fn_neg(" + x + ")";
            case ABS -> "fn_abs(" + x + ")";
            case SIGN -> "fn_sign(" + x + ")";
            case FLOOR -> "fn_floor(" + x + ")";
            case ROUND -> "fn_round(" + x + ")";
            case NOT -> "!(" + truth(in[0]) + ")";
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
            case AND -> "(" + truth(in[0]) + ") & (" + truth(in[1]) + ")";
            case OR -> "(" + truth(in[0]) + ") | (" + truth(in[1]) + ")";
            case SELECT -> "select(" + number(in[2]) + ", " + y + ", " + truth(in[0]) + ")";
        };
    }
}
