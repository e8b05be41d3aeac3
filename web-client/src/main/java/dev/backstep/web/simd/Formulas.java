package dev.backstep.web.simd;

import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.web.simd.wasm.Op;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;

/**
 * Reads formulas as code on four numbers at once. Exactly rounded functions give the bits that float32 arithmetic
 * gives; of the others {@link LaneMath} tells the error. Truths stay masks as long as nobody asks for their number.
 */
final class Formulas {
    private final Lanes lanes;
    private final LaneMath math;
    private final IntUnaryOperator arguments;
    private final ToIntFunction<String> params;
    private final Map<Expr, Integer> values = new HashMap<>();
    private final Map<Expr, Integer> masks = new HashMap<>();

    /**
     * @param arguments the local of an argument
     * @param params the local of a parameter
     */
    Formulas(Lanes lanes, IntUnaryOperator arguments, ToIntFunction<String> params) {
        this.lanes = lanes;
        math = new LaneMath(lanes);
        this.arguments = arguments;
        this.params = params;
    }

    /** Another reader of the same formulas at other elements, which knows what this one has computed so far. */
    Formulas next(IntUnaryOperator otherArguments) {
        Formulas next = new Formulas(lanes, otherArguments, params);
        next.values.putAll(values);
        next.masks.putAll(masks);
        return next;
    }

    /** Says where a formula's value is. */
    void know(Expr e, int local) {
        values.put(e, local);
    }

    /** The local of a formula's value. */
    int value(Expr e) {
        Integer known = values.get(e);
        if (known == null) {
            known = switch (e) {
                case Expr.Const c -> lanes.number((float) c.value());
                case Expr.Param p -> params.applyAsInt(p.name());
                case Expr.Arg a -> arguments.applyAsInt(a.index());
                case Expr.Call c when c.fn().isTruth() -> lanes.and(mask(c), lanes.number(1));
                case Expr.Call c -> call(c);
            };
            values.put(e, known);
        }
        return known;
    }

    /** The local of a mask that is set where the formula is not 0. */
    int mask(Expr e) {
        Integer known = masks.get(e);
        if (known == null) {
            known = e instanceof Expr.Call c && c.fn().isTruth() ? truth(c)
                    : lanes.of(Op.F32X4_NE, value(e), lanes.number(0));
            masks.put(e, known);
        }
        return known;
    }

    private int truth(Expr.Call c) {
        return switch (c.fn()) {
            case NOT -> lanes.of(Op.V128_NOT, mask(c.arg(0)));
            case AND -> lanes.and(mask(c.arg(0)), mask(c.arg(1)));
            case OR -> lanes.or(mask(c.arg(0)), mask(c.arg(1)));
            case EQ -> compare(Op.F32X4_EQ, c);
            case NE -> compare(Op.F32X4_NE, c);
            case LT -> compare(Op.F32X4_LT, c);
            case LE -> compare(Op.F32X4_LE, c);
            case GT -> compare(Op.F32X4_GT, c);
            case GE -> compare(Op.F32X4_GE, c);
            default -> throw new IllegalArgumentException(c.fn() + " is no truth");
        };
    }

    private int compare(Op op, Expr.Call c) {
        return lanes.of(op, value(c.arg(0)), value(c.arg(1)));
    }

    private int call(Expr.Call c) {
        if (c.fn() == Fn.SELECT) {
            return lanes.select(mask(c.arg(0)), value(c.arg(1)), value(c.arg(2)));
        }
        int x = value(c.arg(0));
        if (c.fn().arity() == 1) {
            return unary(c.fn(), x);
        }
        if (c.fn() == Fn.POW && c.arg(1) instanceof Expr.Const exponent) {
            return power(x, exponent);
        }
        return binary(c.fn(), x, value(c.arg(1)));
    }

    private int unary(Fn fn, int x) {
        return switch (fn) {
            case NEG -> lanes.of(Op.F32X4_NEG, x);
            case ABS -> lanes.of(Op.F32X4_ABS, x);
            case SIGN -> sign(x);
            case FLOOR -> lanes.of(Op.F32X4_FLOOR, x);
            case ROUND -> lanes.of(Op.F32X4_NEAREST, x);
            case SQRT -> lanes.of(Op.F32X4_SQRT, x);
            case RSQRT -> lanes.narrow(reciprocalRoot(lanes.low(x)), reciprocalRoot(lanes.high(x)));
            case EXP -> math.exp(x);
            case EXPM1 -> math.expm1(x);
            case LOG -> math.log(x);
            case LOG1P -> math.log1p(x);
            case SIN -> math.sin(x);
            case COS -> math.cos(x);
            case TAN -> math.tan(x);
            case TANH -> math.tanh(x);
            case SIGMOID -> math.sigmoid(x);
            case ERF -> math.erf(x);
            default -> throw new IllegalArgumentException(fn + " is no function of one number");
        };
    }

    private int sign(int x) {
        int zero = lanes.number(0);
        int above = lanes.and(lanes.of(Op.F32X4_GT, x, zero), lanes.number(1));
        int below = lanes.and(lanes.of(Op.F32X4_LT, x, zero), lanes.number(-1));
        return lanes.select(lanes.of(Op.F32X4_EQ, x, x), lanes.or(above, below), x);
    }

    /** In double, because it is rounded once. */
    private int reciprocalRoot(int x) {
        return lanes.of(Op.F64X2_DIV, lanes.doubles(1), lanes.of(Op.F64X2_SQRT, x));
    }

    private int binary(Fn fn, int x, int y) {
        return switch (fn) {
            case ADD -> lanes.add(x, y);
            case SUB -> lanes.sub(x, y);
            case MUL -> lanes.mul(x, y);
            case DIV -> lanes.div(x, y);
            case MIN -> lanes.select(lanes.or(lanes.of(Op.F32X4_NE, x, x), lanes.of(Op.F32X4_LT, x, y)), x, y);
            case MAX -> lanes.select(lanes.or(lanes.of(Op.F32X4_NE, x, x), lanes.of(Op.F32X4_GT, x, y)), x, y);
            case POW -> math.pow(x, y);
            default -> throw new IllegalArgumentException(fn + " is no function of two numbers");
        };
    }

    private int power(int x, Expr.Const exponent) {
        if (exponent.is(2)) {
            return lanes.mul(x, x);
        }
        if (exponent.is(3)) {
            return lanes.mul(lanes.mul(x, x), x);
        }
        return exponent.is(-1) ? lanes.div(lanes.number(1), x) : math.pow(x, value(exponent));
    }
}
