package dev.backstep.engine.compile;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.expr.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Formulas put into one another. Nothing is dropped that could be infinite or no number. */
final class Formulas {
    private Formulas() {
    }

    /** The formula with its leaves replaced, and nothing else changed. */
    static Expr put(Expr e, UnaryOperator<Expr> leaf) {
        return e instanceof Expr.Call c
                ? new Expr.Call(c.fn(), c.args().stream().map(arg -> put(arg, leaf)).toList()) : leaf.apply(e);
    }

    /** The number rounded to float32, for a device that computes in float64. */
    static Expr rounded(Expr e) {
        return e instanceof Expr.Const c ? Expr.of(DType.FLOAT32.round(c.value()))
                : isRounded(e) ? e : new Expr.Call(Fn.MUL, List.of(e, Expr.ONE));
    }

    /** Whether it is a float32 already. */
    private static boolean isRounded(Expr e) {
        return e instanceof Expr.Call c
                && (c.fn().isTruth() || c.fn() == Fn.MUL && c.arg(1).equals(Expr.ONE));
    }

    /** The formula with each function's number rounded. */
    static Expr stepwise(Expr e) {
        return e instanceof Expr.Call c
                ? rounded(new Expr.Call(c.fn(), c.args().stream().map(Formulas::stepwise).toList()))
                : e instanceof Expr.Arg ? e : rounded(e);
    }

    /** The formula with its leaves replaced, and what is constant computed. */
    static Expr bind(Expr e, DType type, UnaryOperator<Expr> leaf) {
        if (!(e instanceof Expr.Call c)) {
            return leaf.apply(e);
        }
        List<Expr> args = new ArrayList<>(c.args().size());
        boolean constant = true;
        double[] numbers = new double[3];
        for (int i = 0; i < c.args().size(); i++) {
            Expr arg = bind(c.arg(i), type, leaf);
            args.add(arg);
            constant &= arg instanceof Expr.Const;
            numbers[i] = arg instanceof Expr.Const number ? number.value() : 0;
        }
        if (constant) {
            return Expr.of(type.round(Program.apply(c.fn(), numbers[0], numbers[1], numbers[2])));
        }
        boolean product = c.fn() == Fn.MUL;
        if ((product || c.fn() == Fn.DIV) && args.get(1).is(1)) {
            return args.get(0);
        }
        if (product && args.get(0).is(1)) {
            return args.get(1);
        }
        return new Expr.Call(c.fn(), List.copyOf(args));
    }

    /** What memory of that type holds of the formula's number, where it is read again. */
    static Expr stored(Expr e, DType type) {
        if (type != DType.BOOL || e instanceof Expr.Call c && c.fn().isTruth()) {
            return e;
        }
        return e instanceof Expr.Const c ? Expr.of(c.value() != 0 ? 1 : 0) : truth(e);
    }

    static Expr truth(Expr e) {
        return new Expr.Call(Fn.NE, List.of(e, Expr.ZERO));
    }

    /** How many functions it has, each as often as it is met; counting ends at a limit. */
    static int size(Expr e, int limit) {
        int size = 0;
        if (e instanceof Expr.Call c) {
            size = 1;
            for (int i = 0; i < c.args().size() && size < limit; i++) {
                size += size(c.arg(i), limit - size);
            }
        }
        return size;
    }
}
