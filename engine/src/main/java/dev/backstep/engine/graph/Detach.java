package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** {@code x.detach()}: the same memory outside the graph; with {@code requires_grad}, the start of a new one. */
final class Detach implements NodeType {
    static final Detach TYPE = new Detach();

    private Detach() {}

    @Override
    public Meta[] infer(Attrs attrs, Meta... in) {
        Leaf.check(in[0].dtype(), attrs.flag("requires_grad"));
        return new Meta[] {in[0]};
    }

    @Override
    public Tensor[] apply(Attrs attrs, Tensor... in) {
        return new Tensor[] {in[0].detach().requiresGrad(attrs.flag("requires_grad"))};
    }

    @Override
    public String type() {
        return "detach";
    }

    @Override
    public String torch() {
        return "torch.Tensor.detach";
    }

    @Override
    public List<String> inputs() {
        return List.of("input");
    }

    @Override
    public List<String> outputs() {
        return List.of("out");
    }

    @Override
    public List<AttrSpec> attrs() {
        return List.of(new AttrSpec("requires_grad", AttrSpec.Kind.FLAG, false));
    }

    @Override
    public Group group() {
        return Group.AUTOGRAD;
    }

    @Override
    public String symbol() {
        return "⊣";
    }
}
