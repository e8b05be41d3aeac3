package dev.backstep.engine.graph;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.List;

/** A box without inputs that holds typed-in numbers: {@code torch.tensor(data, dtype=..., requires_grad=...)}. */
public final class Leaf extends BoxType {
    public static final Leaf TYPE = new Leaf();

    private Leaf() {
        super("tensor", "torch.tensor", List.of(), List.of("out"), List.of(
                new AttrSpec("data", AttrSpec.Kind.DATA, 0.0),
                new AttrSpec("dtype", AttrSpec.Kind.DTYPE, "float32"),
                new AttrSpec("requires_grad", AttrSpec.Kind.FLAG, false)), Group.LEAF, "▪");
    }

    /**
     * The attributes of a leaf.
     *
     * @param data nested lists of Double, Long or Boolean as the type asks, or one such
     */
    public static Attrs attrs(Object data, DType type, boolean requiresGrad) {
        Attrs attrs = Attrs.of("data", data, "dtype", type);
        return requiresGrad ? attrs.with("requires_grad", true) : attrs;
    }

    /** The numbers typed in, see {@link Nested}. */
    public static Object data(Attrs attrs) {
        return attrs.has("data") ? attrs.get("data") : 0.0;
    }

    public static DType dtype(Attrs attrs) {
        return attrs.has("dtype") ? attrs.dtype("dtype") : DType.FLOAT32;
    }

    public static boolean requiresGrad(Attrs attrs) {
        return attrs.flag("requires_grad");
    }

    /** Refuses gradients for a type that has none. */
    static void check(DType type, boolean requiresGrad) {
        if (requiresGrad && !type.isFloat()) {
            throw TorchError.runtime("Only Tensors of floating point and complex dtype can require gradients");
        }
    }

    @Override
    public boolean isLeaf() {
        return true;
    }

    @Override
    public Meta[] infer(Attrs attrs, Meta... in) {
        check(dtype(attrs), requiresGrad(attrs));
        return new Meta[] {new Meta(Nested.shape(data(attrs)), dtype(attrs))};
    }

    /** The tensor: a leaf of the backward graph. */
    @Override
    public Tensor[] apply(Attrs attrs, Tensor... in) {
        Object data = data(attrs);
        int[] shape = Nested.shape(data);
        Tensor tensor = dtype(attrs) == DType.INT64
                ? Tensor.of(Nested.longs(data), shape)
                : Tensor.of(Nested.flat(data), shape, dtype(attrs));
        return new Tensor[] {tensor.requiresGrad(requiresGrad(attrs))};
    }
}
