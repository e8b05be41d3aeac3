package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.expr.Program;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Runs a formula as tensor ops, each recorded, so that the result can be differentiated. */
final class Interpreter {
    private Interpreter() {
    }

    /**
     * @param arguments the tensor for each argument number
     * @param like gives shape and type where the formula turns out to be a plain number
     */
    static Tensor run(Expr formula, Attrs attrs, IntFunction<Tensor> arguments, Tensor like) {
        Expr plain = bind(formula, attrs);
        if (plain instanceof Expr.Const c) {
            return Tensor.full(like.view().shape(), c.value(), like.dtype());
        }
        return run(plain, arguments, new HashMap<>(), like);
    }

    /**
     * The formula with the numbers of a call put in. Nothing else is simplified: {@code x} to the power 0 is 1, but
     * it comes from {@code x}, and its gradient is 0 and not missing.
     */
    static Expr bind(Expr e, Attrs attrs) {
        if (e instanceof Expr.Param p) {
            return Expr.of(attrs.number(p.name()));
        }
        if (!(e instanceof Expr.Call c)) {
            return e;
        }
        List<Expr> args = c.args().stream().map(arg -> bind(arg, attrs)).toList();
        if (c.fn() == Fn.SELECT && args.get(0) instanceof Expr.Const condition) {
            return condition.value() != 0 ? args.get(1) : args.get(2);
        }
        if (c.fn() == Fn.AND && args.stream().anyMatch(arg -> arg.is(0))) {
            return Expr.ZERO;
        }
        double[] numbers = new double[3];
        for (int i = 0; i < args.size(); i++) {
            if (!(args.get(i) instanceof Expr.Const number)) {
                return new Expr.Call(c.fn(), args);
            }
            numbers[i] = number.value();
        }
        return Expr.of(Program.apply(c.fn(), numbers[0], numbers[1], numbers[2]));
    }

    private static Tensor run(Expr e, IntFunction<Tensor> arguments, Map<Expr, Tensor> done, Tensor like) {
        Tensor known = done.get(e);
        if (known != null) {
            return known;
        }
        Tensor result = switch (e) {
            // A choice between two Python numbers would be a float32.
            case Expr.Const c -> Tensor.scalar(c.value(), like.dtype());
            case Expr.Arg a -> arguments.apply(a.index());
            case Expr.Param _ -> throw new IllegalStateException("parameters are numbers by now");
            case Expr.Call c when c.fn() == Fn.POW && c.arg(1) instanceof Expr.Const p ->
                run(c.arg(0), arguments, done, like).pow(p.value());
            case Expr.Call c -> {
                Tensor[] inputs = new Tensor[c.args().size()];
                for (int i = 0; i < inputs.length; i++) {
                    inputs[i] = run(c.arg(i), arguments, done, like);
                    // As PyTorch's rules do it: the logarithm of an integer would be a float32.
                    boolean number = !c.fn().isTruth() && c.fn() != Fn.SELECT;
                    inputs[i] = number && inputs[i].dtype() == DType.INT64 ? inputs[i].to(like.dtype()) : inputs[i];
                }
                yield Pointwise.of(c.fn()).call(inputs);
            }
        };
        done.put(e, result);
        return result;
    }
}
