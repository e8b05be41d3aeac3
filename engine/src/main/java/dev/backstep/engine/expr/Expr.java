package dev.backstep.engine.expr;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One scalar formula: what happens to each element of a pointwise op. Everything that must know the formula reads this:
 * the interpreter ({@link Program}), the derivative ({@link Derivative}), the notation ({@link MathMl}), and the code
 * generators of the backends. The factory methods fold constants and drop neutral elements, so what a derivative
 * leaves behind stays readable.
 */
public sealed interface Expr {
    /** A number. */
    record Const(double value) implements Expr {
    }

    /** The element of input {@code index}; the number after the last input stands for the op's own output. */
    record Arg(int index) implements Expr {
    }

    /** A number that one call fixes for all elements, such as the slope of a leaky relu. */
    record Param(String name) implements Expr {
    }

    /** A function of other formulas. */
    record Call(Fn fn, List<Expr> args) implements Expr {
        public Expr arg(int i) {
            return args.get(i);
        }
    }

    Expr ZERO = new Const(0);
    Expr ONE = new Const(1);

    static Expr of(double value) {
        return new Const(value);
    }

    static Expr arg(int index) {
        return new Arg(index);
    }

    static Expr param(String name) {
        return new Param(name);
    }

    /** {@code condition != 0 ? yes : no}, elementwise; the branch not taken never leaks a NaN. */
    static Expr select(Expr condition, Expr yes, Expr no) {
        if (condition instanceof Const c) {
            return c.value != 0 ? yes : no;
        }
        return yes.equals(no) ? yes : new Call(Fn.SELECT, List.of(condition, yes, no));
    }

    /** A function of one formula. */
    static Expr call(Fn fn, Expr x) {
        return x instanceof Const c && fn.isExact() ? of(Program.apply(fn, c.value, 0, 0)) : new Call(fn, List.of(x));
    }

    /** A function of two formulas. */
    static Expr call(Fn fn, Expr a, Expr b) {
        return a instanceof Const x && b instanceof Const y && fn.isExact()
                ? of(Program.apply(fn, x.value, y.value, 0)) : new Call(fn, List.of(a, b));
    }

    default boolean is(double value) {
        return this instanceof Const c && c.value == value;
    }

    default Expr plus(Expr other) {
        return is(0) ? other : other.is(0) ? this : call(Fn.ADD, this, other);
    }

    default Expr minus(Expr other) {
        return other.is(0) ? this : is(0) ? other.neg() : call(Fn.SUB, this, other);
    }

    /** The product. A factor 0 drops the other even where that is infinite: derivatives here mean "no dependence". */
    default Expr times(Expr other) {
        if (is(0) || other.is(0)) {
            return ZERO;
        }
        if (is(1) || other.is(1)) {
            return is(1) ? other : this;
        }
        return is(-1) ? other.neg() : other.is(-1) ? neg() : call(Fn.MUL, this, other);
    }

    default Expr over(Expr other) {
        return other.is(1) ? this : is(0) ? ZERO : call(Fn.DIV, this, other);
    }

    default Expr pow(Expr exponent) {
        return exponent.is(1) ? this : exponent.is(0) ? ONE : call(Fn.POW, this, exponent);
    }

    default Expr neg() {
        return this instanceof Call c && c.fn == Fn.NEG ? c.arg(0) : call(Fn.NEG, this);
    }

    default Expr times(double factor) {
        return times(of(factor));
    }

    default Expr exp() {
        return call(Fn.EXP, this);
    }

    default Expr log() {
        return call(Fn.LOG, this);
    }

    default Expr sqrt() {
        return call(Fn.SQRT, this);
    }

    default Expr square() {
        return times(this);
    }

    /** 1 where this is greater than the other, else 0. */
    default Expr gt(Expr other) {
        return call(Fn.GT, this, other);
    }

    /** Whether the formula reads that argument. */
    default boolean uses(int arg) {
        return switch (this) {
            case Const _, Param _ -> false;
            case Arg a -> a.index == arg;
            case Call c -> c.args.stream().anyMatch(x -> x.uses(arg));
        };
    }

    /** Whether every function in it is exactly rounded on every machine. */
    default boolean isExact() {
        return switch (this) {
            case Const _, Param _, Arg _ -> true;
            case Call c -> c.fn.isExact() && c.args.stream().allMatch(Expr::isExact);
        };
    }

    /** This formula with each leaf (constant, argument, parameter) replaced, simplified on the way. */
    default Expr replace(UnaryOperator<Expr> leaf) {
        if (!(this instanceof Call c)) {
            return leaf.apply(this);
        }
        Expr a = c.arg(0).replace(leaf);
        if (c.fn.arity() == 1) {
            return c.fn == Fn.NEG ? a.neg() : call(c.fn, a);
        }
        Expr b = c.arg(1).replace(leaf);
        return switch (c.fn) {
            case ADD -> a.plus(b);
            case SUB -> a.minus(b);
            case MUL -> a.times(b);
            case DIV -> a.over(b);
            case POW -> a.pow(b);
            case SELECT -> select(a, b, c.arg(2).replace(leaf));
            default -> call(c.fn, a, b);
        };
    }
}
