package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import java.util.ArrayList;
import java.util.List;

/** The p-norm of a vector, {@code (Σ |x|ᵖ)^(1/p)}, with its limits: 0 counts, the infinities pick an extreme. */
final class Norms {
    private Norms() {
    }

    static DType type(DType in) {
        if (!in.isFloat()) {
            throw TorchError.runtime("linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
                    + in.scalarName());
        }
        return in;
    }

    static Tensor of(Attrs attrs, Tensor x) {
        type(x.dtype());
        double p = attrs.number("p");
        Tensor size = x.to(DType.FLOAT64).abs();
        if (Double.isInfinite(p)) {
            return (p > 0 ? Extremes.AMAX : Extremes.AMIN).call(attrs.without("p"), size).to(x.dtype());
        }
        Tensor powers = p == 0 ? size.ne(0).to(DType.FLOAT64) : p == 1 ? size : size.pow(p);
        Tensor sum = Reductions.fold(Kernel.SUM, attrs, powers, DType.FLOAT64);
        return (p == 0 || p == 1 ? sum : p == 2 ? sum.sqrt() : sum.pow(1 / p)).to(x.dtype());
    }

    static Tensor gradient(Tensor given, Saved s) {
        Tensor x = s.in(0);
        Tensor g = Reductions.restore(given, s);
        Tensor y = Reductions.restore(s.out(), s);
        double p = s.attrs().number("p");
        if (p == 0) {
            return null;
        }
        if (p == 1) {
            return x.sign().mul(g);
        }
        if (p == 2) {
            return g.mul(Reductions.unless(y.eq(0), x.div(y)));
        }
        if (Double.isInfinite(p)) {
            Tensor winners = x.abs().eq(y).to(x.dtype());
            Tensor count = s.attrs().has("dim") ? winners.sum(true, s.attrs().ints("dim")) : winners.sum();
            return x.sign().mul(winners).mul(g.div(count));
        }
        if (p < 1) {
            Tensor powers = Reductions.unless(x.eq(0), x.abs().pow(p - 1));
            return x.sign().mul(powers).mul(g).mul(y.pow(1 - p));
        }
        Tensor scaled = p < 2 ? x.sign().mul(x.abs().pow(p - 1)) : x.mul(x.abs().pow(p - 2));
        return scaled.mul(Reductions.unless(y.eq(0), g.div(y.pow(p - 1))));
    }

    static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (double p : new double[] {2, 1, 3, 1.5, 0.5, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            samples.add(Sample.of(Attrs.of("p", p), Samples.data(4)));
            samples.add(Sample.of(Attrs.of("p", p, "dim", new int[] {1}), Samples.data(2, 3)));
        }
        samples.add(Sample.of(Attrs.of("p", 0.0), Samples.data(3)).notSmooth());
        samples.add(Sample.of(Attrs.of("p", 2.0), Tensor.zeros(new int[] {3}, DType.FLOAT64)).notSmooth());
        samples.add(Sample.of(Attrs.of("dim", new int[] {0, 2}, "keepdim", true), Samples.data(2, 3, 2)));
        samples.add(Sample.of(Samples.data()));
        return samples;
    }
}
