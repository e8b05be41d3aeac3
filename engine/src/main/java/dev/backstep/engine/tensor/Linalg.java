package dev.backstep.engine.tensor;

import static dev.backstep.engine.tensor.AttrSpec.Kind.INT;
import static dev.backstep.engine.tensor.AttrSpec.Kind.NUMBER;
import static dev.backstep.engine.tensor.OpBuilder.op;
import static dev.backstep.engine.tensor.OpBuilder.rule;
import static dev.backstep.engine.tensor.OpBuilder.shape;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.List;

/** Products of vectors, matrices and batches of matrices. {@code matmul} chooses among them, see {@link Matmul}. */
final class Linalg {
    static final Op MATMUL = op("matmul", "input", "other").palette(Group.LINALG, "A·B")
            .compose((_, in) -> new Meta[] {Matmul.infer(in[0], in[1])}, "∂L/∂A = G Bᵀ,  ∂L/∂B = Aᵀ G",
                    (_, in) -> new Tensor[] {Matmul.of(in[0], in[1])})
            .samples(Matmul::samples).build();

    static final Op MM = op("mm", "input", "mat2").palette(Group.LINALG, "mm")
            .compute((_, in) -> new Meta[] {ProductShapes.mm(in[0], in[1])},
                    (_, in) -> product(ProductShapes.mm(in[0].meta(), in[1].meta()), batch(in[0]), batch(in[1])))
            .vjp(rule("∂L/∂A = G Bᵀ", (g, s) -> ofFirst(g, s, s.in(1), 0), 1),
                    rule("∂L/∂B = Aᵀ G", (g, s) -> ofSecond(g, s, s.in(0), 1), 0))
            .samples(() -> List.of(Sample.of(Samples.data(2, 3), Samples.data(3, 4)),
                    Sample.of(Samples.data(1, 1), Samples.data(1, 1)),
                    Sample.of(Samples.data(3, 2).t(), Samples.data(4, 3).t()),
                    Sample.of(Samples.data(2, 0), Samples.data(0, 3))))
            .build();

    static final Op MV = op("mv", "input", "vec").palette(Group.LINALG, "A·v")
            .compute((_, in) -> new Meta[] {ProductShapes.mv(in[0], in[1])},
                    (_, in) -> product(ProductShapes.mv(in[0].meta(), in[1].meta()), batch(in[0]), column(in[1])))
            .vjp(rule("∂L/∂A = G vᵀ", (g, s) -> g.outer(s.in(1)), 1),
                    rule("∂L/∂v = Aᵀ G", (g, s) -> s.in(0).t().mv(g), 0))
            .samples(() -> List.of(Sample.of(Samples.data(2, 3), Samples.data(3)),
                    Sample.of(Samples.data(3, 2).t(), Samples.data(3))))
            .build();

    static final Op DOT = op("dot", "input", "tensor").palette(Group.LINALG, "u·v")
            .compute((_, in) -> new Meta[] {ProductShapes.dot(in[0], in[1])}, (_, in) -> product(
                    ProductShapes.dot(in[0].meta(), in[1].meta()), Views.unsqueeze(batch(in[0]), 0), column(in[1])))
            .vjp(rule("∂L/∂u = G v", (g, s) -> g.mul(s.in(1)), 1), rule("∂L/∂v = G u", (g, s) -> g.mul(s.in(0)), 0))
            .samples(() -> List.of(Sample.of(Samples.data(3), Samples.uniform(5, -1, 1, 3)),
                    Sample.of(Samples.data(1), Samples.data(1)),
                    Sample.of(Samples.integers(1, 2), Samples.integers(3, 4))))
            .build();

    static final Op OUTER = op("outer", "input", "vec2").palette(Group.LINALG, "u⊗v")
            .compose((_, in) -> new Meta[] {ProductShapes.outer(in[0], in[1])}, "∂L/∂u = G v,  ∂L/∂v = Gᵀ u",
                    (_, in) -> {
                        ProductShapes.outer(in[0].meta(), in[1].meta());
                        return new Tensor[] {in[0].reshape(in[0].numel(), 1).mul(in[1])};
                    })
            .samples(() -> List.of(Sample.of(Samples.data(2), Samples.data(3)))).build();

    static final Op BMM = op("bmm", "input", "mat2").palette(Group.LINALG, "bmm")
            .compute((_, in) -> new Meta[] {ProductShapes.bmm(in[0], in[1])},
                    (_, in) -> product(ProductShapes.bmm(in[0].meta(), in[1].meta()), in[0].view(), in[1].view()))
            .vjp(rule("∂L/∂A = G Bᵀ", (g, s) -> g.bmm(s.in(1).transpose(1, 2)), 1),
                    rule("∂L/∂B = Aᵀ G", (g, s) -> s.in(0).transpose(1, 2).bmm(g), 0))
            .samples(() -> List.of(Sample.of(Samples.data(2, 3, 4), Samples.data(2, 4, 1))))
            .build();

    static final Op ADDMM = op("addmm", "input", "mat1", "mat2").attr("beta", NUMBER, 1L).attr("alpha", NUMBER, 1L)
            .palette(Group.LINALG, "C + A·B")
            .compute((_, in) -> new Meta[] {ProductShapes.addmm(in[0], in[1], in[2])}, (attrs, in) -> {
                Meta result = ProductShapes.addmm(in[0].meta(), in[1].meta(), in[2].meta());
                Tensor product = product(result, batch(in[1]), batch(in[2]))[0];
                return new Tensor[] {
                    Layout.inOrder(scaled(in[0], attrs, "beta").add(scaled(product, attrs, "alpha")))};
            })
            .vjp(rule("∂L/∂C = β G", (g, s) -> scaled(g, s.attrs(), "beta")),
                    rule("∂L/∂A = α G Bᵀ", (g, s) -> scaled(ofFirst(g, s, s.in(2), 1), s.attrs(), "alpha"), 2),
                    rule("∂L/∂B = α Aᵀ G", (g, s) -> scaled(ofSecond(g, s, s.in(1), 2), s.attrs(), "alpha"), 1))
            .samples(() -> List.of(Sample.of(Samples.data(2, 4), Samples.data(2, 3), Samples.data(3, 4)),
                    Sample.of(Samples.data(4), Samples.data(2, 3), Samples.data(3, 4)),
                    Sample.of(Attrs.of("beta", 0.5, "alpha", -2.0), Samples.data(2, 1), Samples.data(2, 3),
                            Samples.data(3, 2))))
            .build();

    /** {@code squeeze_} on a result that nobody else has seen yet; only {@code matmul} does that. */
    static final Op SQUEEZE_IN_PLACE = op("squeeze_", "input").attr("dim", INT, 0L).gradFn("SqueezeBackward4")
            .compute(shape((attrs, from) -> Views.squeezed(from, attrs)), (attrs, in) -> {
                in[0].view().buffer().bump();
                return new Tensor[] {new Tensor(Views.squeeze(in[0].view(), attrs))};
            })
            .vjp(rule("∂L/∂x = unsqueeze(G)", (g, s) -> Views.unsqueezeTo(g, s))).build();

    static final List<Op> ALL = List.of(MATMUL, MM, MV, DOT, OUTER, BMM, ADDMM, SQUEEZE_IN_PLACE);

    private Linalg() {
    }

    /** A matrix (or a row of a vector) as a batch of one. */
    private static View batch(Tensor tensor) {
        return Views.unsqueeze(tensor.view(), 0);
    }

    /** A vector as a batch of one column. */
    private static View column(Tensor vector) {
        return Views.unsqueeze(Views.unsqueeze(vector.view(), 0), 2);
    }

    private static Tensor[] product(Meta result, View a, View b) {
        Tensor out = Tensor.zeros(result.shape(), result.dtype());
        int[] batched = {a.shape()[0], a.shape()[1], b.shape()[2]};
        Backends.current().run(Kernel.MATMUL, View.contiguous(out.view().buffer(), batched), a, b);
        return new Tensor[] {out};
    }

    /** G Bᵀ, which lies as A did: a gradient whose leaf is the transpose of A then needs no copy. */
    private static Tensor ofFirst(Tensor g, Saved s, Tensor b, int first) {
        return s.isColumnMajor(first) ? b.mm(g.t()).t() : g.mm(b.t());
    }

    /** Aᵀ G, which lies as B did. */
    private static Tensor ofSecond(Tensor g, Saved s, Tensor a, int second) {
        return s.isColumnMajor(second) ? g.t().mm(a).t() : a.t().mm(g);
    }

    /** Times that factor, which integers take without its fraction. */
    private static Tensor scaled(Tensor tensor, Attrs attrs, String factor) {
        double by = attrs.number(factor);
        return by == 1 ? tensor : tensor.dtype().isFloat() ? tensor.mul(by) : tensor.mul((long) by);
    }
}
