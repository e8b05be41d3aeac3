package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Autograd;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/**
 * {@code torch.autograd.grad(outputs, inputs)} in the middle of forward: the derivative of one tensor by another as a
 * tensor that goes on, and with {@code create_graph} can be differentiated itself. {@code .grad} stays as it is.
 */
final class GradBox extends BoxType {
    static final GradBox TYPE = new GradBox();

    private GradBox() {
        super("grad", "torch.autograd.grad", List.of("outputs", "inputs", "grad_outputs"), List.of("out"), List.of(
                new AttrSpec("create_graph", AttrSpec.Kind.FLAG, true),
                new AttrSpec("retain_graph", AttrSpec.Kind.FLAG, true)), Group.AUTOGRAD, "∂");
    }

    @Override
    public Meta[] infer(Attrs attrs, Meta... in) {
        return new Meta[] {in[1]};
    }

    @Override
    public Tensor[] apply(Attrs attrs, Tensor... in) {
        List<Tensor> seeds = in.length > 2 ? List.of(in[2]) : null;
        return Autograd.grad(List.of(in[0]), List.of(in[1]), seeds, attrs.flag("retain_graph"),
                attrs.flag("create_graph"), null, false).toArray(Tensor[]::new);
    }

    @Override
    public int required() {
        return 2;
    }
}
