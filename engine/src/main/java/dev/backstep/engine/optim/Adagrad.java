package dev.backstep.engine.optim;

import static dev.backstep.engine.expr.Expr.arg;
import static dev.backstep.engine.expr.Expr.param;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.Update;
import java.util.List;
import java.util.Map;

/** Adagrad: J. Duchi et al. (2011). */
public final class Adagrad extends Optimizer {
    // p the parameter, g the gradient with weight decay, s the sum of its squares
    private static final Expr DECAY = param("weight_decay");
    private static final Update S = new Update(
            arg(0).plus(arg(2).plus(DECAY.times(arg(1))).square()), 3);
    private static final Update P = new Update(arg(0).minus(param("rate").times(arg(1).plus(DECAY.times(arg(0))))
            .over(arg(2).sqrt().plus(param("eps")))), 3);

    /** With PyTorch's settings. */
    public Adagrad(List<Tensor> params, double lr) {
        this(group(params), options(lr, 0, 0, 0, 1e-10));
    }

    /** @param options as {@link #options} makes them; a group may have others */
    public Adagrad(List<ParamGroup> groups, Attrs options) {
        super(checked(options), groups);
    }

    public static Attrs options(double lr, double lrDecay, double weightDecay, double initialAccumulatorValue,
            double eps) {
        return Attrs.of("lr", lr, "lr_decay", lrDecay, "weight_decay", weightDecay, "initial_accumulator_value",
                initialAccumulatorValue, "eps", eps);
    }

    private static Attrs checked(Attrs o) {
        check(o.number("lr") >= 0, "learning rate", o.number("lr"));
        check(o.number("lr_decay") >= 0, "lr_decay value", o.number("lr_decay"));
        check(o.number("weight_decay") >= 0, "weight_decay value", o.number("weight_decay"));
        check(o.number("initial_accumulator_value") >= 0, "initial_accumulator_value value",
                o.number("initial_accumulator_value"));
        check(o.number("eps") >= 0, "epsilon value", o.number("eps"));
        return o;
    }

    @Override
    void step(ParamGroup group, Tensor p, Tensor g, Map<String, Tensor> memory) {
        Attrs o = group.options();
        double t = count(memory);
        Tensor sum = memory.computeIfAbsent("sum",
                _ -> Tensor.full(p.shape(), o.number("initial_accumulator_value"), p.dtype()));
        S.apply(o, sum, p, g);
        P.apply(o.with("rate", number(o, "rate", t)), p, g, sum);
    }

    @Override
    double number(Attrs o, String name, double t) {
        return name.equals("rate") ? o.number("lr") / (1 + (t - 1) * o.number("lr_decay")) : o.number(name);
    }
}
