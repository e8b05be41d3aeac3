package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.optim.Adagrad;
import dev.backstep.engine.optim.Adam;
import dev.backstep.engine.optim.Optimizer;
import dev.backstep.engine.optim.ParamGroup;
import dev.backstep.engine.optim.RmsProp;
import dev.backstep.engine.optim.Sgd;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.AttrSpec.Kind;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;

/**
 * An optimizer: it computes nothing in forward, and changes what is connected to it when its {@code step} is called.
 * With nothing connected it takes every leaf that requires a gradient.
 */
public final class OptimizerBox extends BoxType {
    private static final AttrSpec BETAS = new AttrSpec("betas", Kind.NUMBERS, List.of(0.9, 0.999));
    private static final AttrSpec DECAY = number("weight_decay", 0);

    private static final List<OptimizerBox> ALL = List.of(
            new OptimizerBox("SGD", Sgd::new, number("lr", 1e-3), number("momentum", 0), number("dampening", 0), DECAY,
                    flag("nesterov")),
            new OptimizerBox("Adam", Adam::new, number("lr", 1e-3), BETAS, number("eps", 1e-8), DECAY, flag("amsgrad")),
            new OptimizerBox("AdamW", Adam::w, number("lr", 1e-3), BETAS, number("eps", 1e-8), number("weight_decay", 1e-2), flag("amsgrad")),
            new OptimizerBox("RMSprop", RmsProp::new, number("lr", 1e-2), number("alpha", 0.99), number("eps", 1e-8),
                    DECAY, number("momentum", 0), flag("centered")),
            new OptimizerBox("Adagrad", Adagrad::new, number("lr", 1e-2), number("lr_decay", 0), DECAY,
                    number("initial_accumulator_value", 0), number("eps", 1e-10)));

    private final BiFunction<List<ParamGroup>, Attrs, Optimizer> maker;

    private OptimizerBox(String type, BiFunction<List<ParamGroup>, Attrs, Optimizer> maker, AttrSpec... attrs) {
        super(type, "torch.optim." + type, List.of("params"), List.of(), List.of(attrs), Group.OPTIMIZER, "↻");
        this.maker = maker;
    }

    /** Every one that a document may have. */
    static List<OptimizerBox> all() {
        return ALL;
    }

    private static AttrSpec number(String name, double fallback) {
        return new AttrSpec(name, Kind.NUMBER, fallback);
    }

    private static AttrSpec flag(String name) {
        return new AttrSpec(name, Kind.FLAG, false);
    }

    /**
     * An optimizer of these parameters.
     *
     * @throws dev.backstep.engine.tensor.TorchError where a setting is refused, or a parameter is no leaf
     */
    Optimizer make(Attrs settings, List<Tensor> params) {
        return maker.apply(List.of(new ParamGroup(params, Attrs.NONE)), settings);
    }

    /** Refuses settings as making the optimizer would. */
    @Override
    public Meta[] infer(Attrs settings, Meta... in) {
        make(settings, List.of(Tensor.scalar(0, DType.FLOAT32)));
        return new Meta[0];
    }

    @Override
    public Tensor[] apply(Attrs settings, Tensor... in) {
        make(settings, in.length == 0 ? List.of(Tensor.scalar(0, DType.FLOAT32)) : List.of(in));
        return new Tensor[0];
    }

    @Override
    public boolean variadic() {
        return true;
    }

    @Override
    public int required() {
        return 0;
    }
}
