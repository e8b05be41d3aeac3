package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** {@code x.detach()}: the same memory outside the graph; with {@code requires_grad}, the start of a new one. */
final class Detach extends BoxType {
    static final Detach TYPE = new Detach();

    private Detach() {
        super("detach", "torch.Tensor.detach", List.of("input"), List.of("out"),
                List.of(new AttrSpec("requires_grad", AttrSpec.Kind.FLAG, false)), Group.AUTOGRAD, "⊣");
    }

    @Override
    public Meta[] infer(Attrs attrs, Meta... in) {
        Leaf.check(in[0].dtype(), attrs.flag("requires_grad"));
        return new Meta[] {in[0]};
    }

    @Override
    public Tensor[] apply(Attrs attrs, Tensor... in) {
        return new Tensor[] {in[0].detach().requiresGrad(attrs.flag("requires_grad"))};
    }
}
