package dev.backstep.engine.optim;

import static dev.backstep.engine.expr.Expr.ONE;
import static dev.backstep.engine.expr.Expr.arg;
import static dev.backstep.engine.expr.Expr.param;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.Update;
import java.util.List;
import java.util.Map;

/** RMSprop: G. Hinton's lecture 6e (2012); centered as A. Graves (2013). As PyTorch has it, eps outside the root. */
public final class RmsProp extends Optimizer {
    // p the parameter, g the gradient with weight decay, s the mean square, m the mean, b the momentum buffer
    private static final Expr ALPHA = param("alpha");
    private static final Expr G = arg(2).plus(param("weight_decay").times(arg(1)));
    private static final Update S = new Update(ALPHA.times(arg(0)).plus(ONE.minus(ALPHA).times(G.square())), 3);
    private static final Update M = new Update(arg(0).plus(G.minus(arg(0)).times(ONE.minus(ALPHA))), 3);
    // (b, p, g, s, m): with a mean of zeros the plain rule
    private static final Update B = new Update(param("momentum").times(arg(0)).plus(G.over(arg(3)
            .minus(arg(4).square()).sqrt().plus(param("eps")))), 5);
    private static final Update P = new Update(arg(0).minus(param("lr").times(arg(1))), 2);

    /** Plain, with PyTorch's settings. */
    public RmsProp(List<Tensor> params, double lr) {
        this(group(params), options(lr, 0.99, 1e-8, 0, 0, false));
    }

    /** @param options as {@link #options} makes them; a group may have others */
    public RmsProp(List<ParamGroup> groups, Attrs options) {
        super(checked(options), groups);
    }

    public static Attrs options(double lr, double alpha, double eps, double weightDecay, double momentum,
            boolean centered) {
        return Attrs.of("lr", lr, "alpha", alpha, "eps", eps, "weight_decay", weightDecay, "momentum", momentum,
                "centered", centered);
    }

    private static Attrs checked(Attrs o) {
        check(o.number("lr") >= 0, "learning rate", o.number("lr"));
        check(o.number("eps") >= 0, "epsilon value", o.number("eps"));
        check(o.number("momentum") >= 0, "momentum value", o.number("momentum"));
        check(o.number("weight_decay") >= 0, "weight_decay value", o.number("weight_decay"));
        check(o.number("alpha") >= 0, "alpha value", o.number("alpha"));
        return o;
    }

    @Override
    void step(ParamGroup group, Tensor p, Tensor g, Map<String, Tensor> memory) {
        Attrs o = group.options();
        count(memory);
        Tensor square = remember(memory, "square_avg", p);
        S.apply(o, square, p, g);
        Tensor mean;
        if (o.flag("centered")) {
            mean = remember(memory, "grad_avg", p);
            M.apply(o, mean, p, g);
        } else {
            mean = Tensor.zeros(p.shape(), p.dtype());
        }
        Tensor buffer = o.number("momentum") > 0 ? remember(memory, "momentum_buffer", p)
                : Tensor.zeros(p.shape(), p.dtype());
        B.apply(o, buffer, p, g, square, mean);
        P.apply(o, p, buffer);
    }
}
