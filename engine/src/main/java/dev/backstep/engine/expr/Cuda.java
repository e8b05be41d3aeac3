package dev.backstep.engine.expr;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Formulas as CUDA C++ in float32. NaN, infinities, denormals and the sign of zero come out as {@link Program} has them
 * where the compiler is not told to be fast and loose; products and sums are to be rounded each by itself.
 */
public final class Cuda extends Code {
    /** What the code calls beside the language's own functions. */
    public static final String FUNCTIONS = """
            static __device__ __forceinline__ float fn_sign(float x) {
                return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x != x ? x : 0.0f;
            }
            static __device__ __forceinline__ float fn_min(float x, float y) { return x != x || x < y ? x : y; }
            static __device__ __forceinline__ float fn_max(float x, float y) { return x != x || x > y ? x : y; }
            static __device__ __forceinline__ float fn_sigmoid(float x) {
                const float e = expf(-fabsf(x));
                return (x >= 0.0f ? 1.0f : e) / (1.0f + e);
            }
            """;

    /**
     * @param args the code of an argument
     * @param params the code of a parameter
     */
    public Cuda(List<Expr> formulas, IntFunction<String> args, UnaryOperator<String> params) {
        super(formulas, args, params);
    }

    /** A number as the language writes it; infinity and NaN by their bits, because a header would name them. */
    @Override
    String constant(double value) {
        float x = (float) value;
        if (x != x) {
            return "__int_as_float(0x7fc00000)";
        }
        if (Float.isInfinite(x)) {
            return x > 0 ? "__int_as_float(0x7f800000)" : "(-__int_as_float(0x7f800000))";
        }
        String text = Float.toString(x) + "f";
        return text.startsWith("-") ? "(" + text + ")" : text;
    }

    @Override
    String number(Value value) {
        return value.isTruth() ? "(" + value.text() + " ? 1.0f : 0.0f)" : value.text();
    }

    @Override
    String truth(Value value) {
        return value.isTruth() ? value.text() : "(" + value.text() + " != 0.0f)";
    }

    @Override
    String statement(Value named, String text) {
        return "const " + (named.isTruth() ? "bool " : "float ") + named.text() + " = " + text + ";";
    }

    @Override
    String code(Fn fn, Value[] in) {
        String x = number(in[0]);
        String y = fn.arity() > 1 ? number(in[1]) : "";
        return switch (fn) {
            case NEG -> "-" + x;
            case ABS -> "fabsf(" + x + ")";
            case SIGN -> "fn_sign(" + x + ")";
            case FLOOR -> "floorf(" + x + ")";
            case ROUND -> "rintf(" + x + ")";
            case NOT -> "!" + truth(in[0]);
            case EXP -> "expf(" + x + ")";
            case EXPM1 -> "expm1f(" + x + ")";
            case LOG -> "logf(" + x + ")";
            case LOG1P -> "log1pf(" + x + ")";
            case SQRT -> "sqrtf(" + x + ")";
            case RSQRT -> "1.0f / sqrtf(" + x + ")";
            case SIN -> "sinf(" + x + ")";
            case COS -> "cosf(" + x + ")";
            case TAN -> "tanf(" + x + ")";
            case TANH -> "tanhf(" + x + ")";
            case SIGMOID -> "fn_sigmoid(" + x + ")";
            case ERF -> "erff(" + x + ")";
            case ADD -> x + " + " + y;
            case SUB -> x + " - " + y;
            case MUL -> x + " * " + y;
            case DIV -> x + " / " + y;
            case POW -> "powf(" + x + ", " + y + ")";
            case MIN -> "fn_min(" + x + ", " + y + ")";
            case MAX -> "fn_max(" + x + ", " + y + ")";
            case EQ -> x + " == " + y;
            case NE -> x + " != " + y;
            case LT -> x + " < " + y;
            case LE -> x + " <= " + y;
            case GT -> x + " > " + y;
            case GE -> x + " >= " + y;
            case AND -> truth(in[0]) + " && " + truth(in[1]);
            case OR -> truth(in[0]) + " || " + truth(in[1]);
            case SELECT -> truth(in[0]) + " ? " + y + " : " + number(in[2]);
        };
    }
}
