package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;

import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.Arrays;
import java.util.List;

/** Products of vectors, matrices and batches of matrices. */
final class Linalg {
    static final Op MM = op("mm", "input", "mat2").palette(Group.LINALG, "mm")
            .compute((_, in) -> new Meta[] {new Meta(mmShape(in[0], in[1]), same(in))}, (_, in) -> {
                int[] shape = mmShape(in[0].meta(), in[1].meta());
                same(new Meta[] {in[0].meta(), in[1].meta()});
                Tensor out = Tensor.zeros(shape, in[0].dtype());
                product(Views.unsqueeze(out.view(), 0), Views.unsqueeze(in[0].view(), 0),
                        Views.unsqueeze(in[1].view(), 0));
                return new Tensor[] {out};
            })
            .vjp(rule("∂L/∂A = G Bᵀ", (g, s) -> g.mm(s.in(1).t()), 1),
                    rule("∂L/∂B = Aᵀ G", (g, s) -> s.in(0).t().mm(g), 0))
            .samples(() -> List.of(Sample.of(Samples.data(2, 3), Samples.data(3, 4)),
                    Sample.of(Samples.data(1, 1), Samples.data(1, 1)),
                    Sample.of(Samples.data(3, 2).t(), Samples.data(4, 3).t())))
            .build();

    static final Op MATMUL = op("matmul", "input", "other").palette(Group.LINALG, "A·B")
            .compose((_, in) -> new Meta[] {new Meta(mmShape(in[0], in[1]), same(in))},
                    "∂L/∂A = G Bᵀ,  ∂L/∂B = Aᵀ G", (_, in) -> MM.apply(dev.backstep.engine.backend.Attrs.NONE, in))
            .samples(() -> List.of(Sample.of(Samples.data(2, 3), Samples.data(3, 4))))
            .build();

    static final List<Op> ALL = List.of(MM, MATMUL);

    private Linalg() {
    }

    private static void product(View out, View a, View b) {
        Tensor.BACKEND.run(Kernel.MATMUL, out, a, b);
    }

    private static int[] mmShape(Meta a, Meta b) {
        if (a.shape().length != 2) {
            throw TorchError.runtime("self must be a matrix");
        }
        if (b.shape().length != 2) {
            throw TorchError.runtime("mat2 must be a matrix");
        }
        if (a.shape()[1] != b.shape()[0]) {
            throw TorchError.runtime("mat1 and mat2 shapes cannot be multiplied (" + by(a) + " and " + by(b) + ")");
        }
        return new int[] {a.shape()[0], b.shape()[1]};
    }

    private static String by(Meta meta) {
        return Arrays.toString(meta.shape()).replace(", ", "x").replace("[", "").replace("]", "");
    }

    private static dev.backstep.engine.backend.DType same(Meta[] in) {
        if (in[0].dtype() != in[1].dtype()) {
            throw TorchError.runtime("expected m1 and m2 to have the same dtype, but got: "
                    + cpp(in[0]) + " != " + cpp(in[1]));
        }
        return in[0].dtype();
    }

    private static String cpp(Meta meta) {
        return switch (meta.dtype()) {
            case BOOL -> "bool";
            case INT64 -> "long long";
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
        };
    }
}
