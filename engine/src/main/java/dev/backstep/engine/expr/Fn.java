package dev.backstep.engine.expr;

/**
 * The functions an {@link Expr} is made of. Adding one asks every reader (interpreter, derivative, MathML, and each
 * backend's code) for its case, because their switches are exhaustive.
 */
public enum Fn {
    NEG(1), ABS(1), SIGN(1), FLOOR(1), ROUND(1), NOT(1),
    EXP(1), EXPM1(1), LOG(1), LOG1P(1), SQRT(1), RSQRT(1), SIN(1), COS(1), TAN(1), TANH(1), SIGMOID(1), ERF(1),
    ADD(2), SUB(2), MUL(2), DIV(2), POW(2), MIN(2), MAX(2),
    EQ(2), NE(2), LT(2), LE(2), GT(2), GE(2), AND(2), OR(2),
    SELECT(3);

    private final int arity;

    Fn(int arity) {
        this.arity = arity;
    }

    public int arity() {
        return arity;
    }

    /** Whether the result is 0 or 1. */
    public boolean isTruth() {
        return switch (this) {
            case NOT, EQ, NE, LT, LE, GT, GE, AND, OR -> true;
            default -> false;
        };
    }

    /**
     * Whether IEEE 754 fixes every bit of the result, so that all machines agree. The others come from a mathematical
     * library and may differ by a unit in the last place.
     */
    public boolean isExact() {
        return switch (this) {
            case EXP, EXPM1, LOG, LOG1P, SIN, COS, TAN, TANH, SIGMOID, ERF, POW -> false;
            default -> true;
        };
    }
}
