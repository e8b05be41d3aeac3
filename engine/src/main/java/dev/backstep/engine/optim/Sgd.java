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

/** Stochastic gradient descent, with momentum as I. Sutskever et al. (2013) and PyTorch have it. */
public final class Sgd extends Optimizer {
    // p the parameter, b the momentum buffer, g the gradient with weight decay
    private static final Expr LR = param("lr");
    private static final Expr MU = param("momentum");
    private static final Expr DECAY = param("weight_decay");
    private static final Expr G1 = arg(1).plus(DECAY.times(arg(0)));
    private static final Expr G2 = arg(2).plus(DECAY.times(arg(1)));
    private static final Update PLAIN = new Update(arg(0).minus(LR.times(G1)), 2);
    // b begins as g
    private static final Update FIRST = new Update(G2, 3);
    private static final Update BUFFER = new Update(
            MU.times(arg(0)).plus(ONE.minus(param("dampening")).times(G2)), 3);
    private static final Update MOMENTUM = new Update(arg(0).minus(LR.times(arg(1))), 2);
    private static final Update NESTEROV = new Update(
            arg(0).minus(LR.times(arg(2).plus(DECAY.times(arg(0))).plus(MU.times(arg(1))))), 3);

    /** Without momentum. */
    public Sgd(List<Tensor> params, double lr) {
        this(group(params), options(lr, 0, 0, 0, false));
    }

    /** @param options as {@link #options} makes them; a group may have others */
    public Sgd(List<ParamGroup> groups, Attrs options) {
        super(checked(options), groups);
    }

    public static Attrs options(double lr, double momentum, double dampening, double weightDecay, boolean nesterov) {
        return Attrs.of("lr", lr, "momentum", momentum, "dampening", dampening, "weight_decay", weightDecay,
                "nesterov", nesterov);
    }

    private static Attrs checked(Attrs o) {
        check(o.number("lr") >= 0, "learning rate", o.number("lr"));
        check(o.number("momentum") >= 0, "momentum value", o.number("momentum"));
        check(o.number("weight_decay") >= 0, "weight_decay value", o.number("weight_decay"));
        need(!o.flag("nesterov") || o.number("momentum") > 0 && o.number("dampening") == 0,
                "Nesterov momentum requires a momentum and zero dampening");
        return o;
    }

    @Override
    void step(ParamGroup group, Tensor p, Tensor g, Map<String, Tensor> memory) {
        Attrs o = group.options();
        if (o.number("momentum") == 0) {
            PLAIN.apply(o, p, g);
            return;
        }
        boolean first = !memory.containsKey("momentum_buffer");
        Tensor buffer = remember(memory, "momentum_buffer", p);
        (first ? FIRST : BUFFER).apply(o, buffer, p, g);
        if (o.flag("nesterov")) {
            NESTEROV.apply(o, p, buffer, g);
        } else {
            MOMENTUM.apply(o, p, buffer);
        }
    }
}
