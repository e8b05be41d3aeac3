package dev.backstep.engine.optim;

import static dev.backstep.engine.expr.Expr.ZERO;
import static dev.backstep.engine.expr.Expr.arg;
import static dev.backstep.engine.expr.Expr.call;
import static dev.backstep.engine.expr.Expr.param;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.Update;
import java.util.List;
import java.util.Map;

/**
 * Adam: D. Kingma and J. Ba (2015); with decoupled weight decay AdamW: I. Loshchilov and F. Hutter (2019). As PyTorch
 * has them, eps added to the corrected root.
 */
public final class Adam extends Optimizer {
    // p the parameter, g the gradient (with weight decay where that is not decoupled), m and v their running means
    private static final Update M = mean(ZERO);
    private static final Update V = square(ZERO);
    private static final Update M_DECAYED = mean(param("decay"));
    private static final Update V_DECAYED = square(param("decay"));
    private static final Update TOP = new Update(call(Fn.MAX, arg(0), arg(1)), 2);
    private static final Update P = new Update(arg(0).minus(param("size").times(arg(1)
            .over(arg(2).sqrt().over(param("root")).plus(param("eps"))))), 3);
    private static final Update SHRINK = new Update(arg(0).times(param("shrink")), 1);

    private static final List<String> NUMBERS =
            List.of("beta2", "new1", "new2", "eps", "decay", "shrink", "size", "root");

    private final boolean decoupled;
    private double numbersAt;
    private Attrs numbersOf;
    private Attrs numbers;

    private static Expr gradient(Expr decay) {
        return arg(2).plus(decay.times(arg(1)));
    }

    private static Update mean(Expr decay) {
        return new Update(arg(0).plus(gradient(decay).minus(arg(0)).times(param("new1"))), 3);
    }

    private static Update square(Expr decay) {
        return new Update(param("beta2").times(arg(0)).plus(param("new2").times(gradient(decay).square())), 3);
    }

    /** Adam with PyTorch's settings. */
    public Adam(List<Tensor> params, double lr) {
        this(group(params), options(lr, 0.9, 0.999, 1e-8, 0, false));
    }

    /** @param options as {@link #options} makes them; a group may have others */
    public Adam(List<ParamGroup> groups, Attrs options) {
        this(groups, options, false);
    }

    private Adam(List<ParamGroup> groups, Attrs options, boolean decoupled) {
        super(checked(options), groups);
        this.decoupled = decoupled;
    }

    /** AdamW with PyTorch's settings: a weight decay of 0.01. */
    public static Adam w(List<Tensor> params, double lr) {
        return w(group(params), options(lr, 0.9, 0.999, 1e-8, 0.01, false));
    }

    /** AdamW: the decay shrinks the parameter itself and does not go through the means. */
    public static Adam w(List<ParamGroup> groups, Attrs options) {
        return new Adam(groups, options, true);
    }

    public static Attrs options(double lr, double beta1, double beta2, double eps, double weightDecay,
            boolean amsgrad) {
        return Attrs.of("lr", lr, "betas", List.of(beta1, beta2), "eps", eps, "weight_decay", weightDecay, "amsgrad",
                amsgrad);
    }

    private static Attrs checked(Attrs o) {
        check(o.number("lr") >= 0, "learning rate", o.number("lr"));
        check(o.number("eps") >= 0, "epsilon value", o.number("eps"));
        for (int i = 0; i < 2; i++) {
            check(beta(o, i) >= 0 && beta(o, i) < 1, "beta parameter at index " + i, beta(o, i));
        }
        check(o.number("weight_decay") >= 0, "weight_decay value", o.number("weight_decay"));
        return o;
    }

    private static double beta(Attrs options, int i) {
        return ((Number) ((List<?>) options.get("betas")).get(i)).doubleValue();
    }

    @Override
    void step(ParamGroup group, Tensor p, Tensor g, Map<String, Tensor> memory) {
        Attrs o = group.options();
        double t = count(memory);
        Tensor m = remember(memory, "exp_avg", p);
        Tensor v = remember(memory, "exp_avg_sq", p);
        double decay = o.number("weight_decay");
        Attrs numbers = numbers(o, t);
        if (decoupled && decay != 0) {
            SHRINK.apply(numbers, p);
        }
        boolean decays = !decoupled && decay != 0;
        (decays ? M_DECAYED : M).apply(numbers, m, p, g);
        (decays ? V_DECAYED : V).apply(numbers, v, p, g);
        Tensor top = v;
        if (o.flag("amsgrad")) {
            top = remember(memory, "max_exp_avg_sq", p);
            TOP.apply(numbers, top, v);
        }
        P.apply(numbers, p, m, top);
    }

    @Override
    double number(Attrs o, String name, double t) {
        return switch (name) {
            case "beta2" -> beta(o, 1);
            case "new1" -> 1 - beta(o, 0);
            case "new2" -> 1 - beta(o, 1);
            case "decay" -> o.number("weight_decay");
            case "shrink" -> 1 - o.number("lr") * o.number("weight_decay");
            case "size" -> o.number("lr") / (1 - Math.pow(beta(o, 0), t));
            case "root" -> Math.sqrt(1 - Math.pow(beta(o, 1), t));
            default -> o.number(name);
        };
    }

    /** The numbers of the formulas, made once for all parameters that were stepped as often under the same settings. */
    private Attrs numbers(Attrs o, double t) {
        if (t != numbersAt || o != numbersOf) {
            numbersAt = t;
            numbersOf = o;
            Object[] all = new Object[2 * NUMBERS.size()];
            for (int i = 0; i < all.length; i += 2) {
                all[i] = NUMBERS.get(i / 2);
                all[i + 1] = number(o, NUMBERS.get(i / 2), t);
            }
            numbers = Attrs.of(all);
        }
        return numbers;
    }
}
