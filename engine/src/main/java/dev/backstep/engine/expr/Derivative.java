package dev.backstep.engine.expr;

/** The partial derivative of a formula by one of its arguments, as a formula. */
public final class Derivative {
    private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

    private Derivative() {
    }

    /**
     * d(e)/d(argument). Where a function has a kink or a step, the value is the one PyTorch takes: 0 for sign, floor,
     * round and comparisons, sign(x) for abs, half to each side where minimum or maximum tie.
     */
    public static Expr by(int arg, Expr e) {
        if (!e.uses(arg)) {
            return Expr.ZERO;
        }
        if (!(e instanceof Expr.Call c)) {
            return Expr.ONE;
        }
        Expr x = c.arg(0);
        Expr dx = by(arg, x);
        if (c.fn().arity() == 1) {
            return chain(c, x, dx);
        }
        Expr y = c.arg(1);
        Expr dy = by(arg, y);
        return switch (c.fn()) {
            case ADD -> dx.plus(dy);
            case SUB -> dx.minus(dy);
            case MUL -> dx.times(y).plus(x.times(dy));
            case DIV -> dx.over(y).minus(dy.times(x).over(y.times(y)));
            // d(x^y) = y x^(y-1) dx + x^y log(x) dy
            case POW -> dx.times(y.times(x.pow(y.minus(Expr.ONE)))).plus(dy.times(c.times(x.log())));
            case MIN -> share(Fn.LT, x, y, dx, dy);
            case MAX -> share(Fn.GT, x, y, dx, dy);
            case SELECT -> Expr.select(x, dy, by(arg, c.arg(2)));
            default -> Expr.ZERO;
        };
    }

    private static Expr share(Fn wins, Expr x, Expr y, Expr dx, Expr dy) {
        Expr half = dx.plus(dy).times(0.5);
        return Expr.select(Expr.call(Fn.EQ, x, y), half, Expr.select(Expr.call(wins, x, y), dx, dy));
    }

    private static Expr chain(Expr.Call f, Expr x, Expr dx) {
        return switch (f.fn()) {
            case NEG -> dx.neg();
            case ABS -> dx.times(Expr.call(Fn.SIGN, x));
            case EXP -> dx.times(f);
            case EXPM1 -> dx.times(f.plus(Expr.ONE));
            case LOG -> dx.over(x);
            case LOG1P -> dx.over(x.plus(Expr.ONE));
            case SQRT -> dx.over(f.times(2));
            case RSQRT -> dx.times(f.times(f.times(f))).times(-0.5);
            case SIN -> dx.times(Expr.call(Fn.COS, x));
            case COS -> dx.times(Expr.call(Fn.SIN, x).neg());
            case TAN -> dx.times(Expr.ONE.plus(f.square()));
            case TANH -> dx.times(Expr.ONE.minus(f.square()));
            case SIGMOID -> dx.times(f.times(Expr.ONE.minus(f)));
            case ERF -> dx.times(x.square().neg().exp().times(TWO_OVER_SQRT_PI));
            default -> Expr.ZERO;
        };
    }
}
