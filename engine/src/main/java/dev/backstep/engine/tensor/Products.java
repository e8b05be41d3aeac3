package dev.backstep.engine.tensor;

import java.util.List;

/** The derivative of a product, which must not divide by a factor that is zero. */
final class Products {
    private Products() {
    }

    static Tensor gradient(Tensor g, Saved s) {
        Tensor x = s.in(0);
        if (x.dim() == 0) {
            return g;
        }
        Tensor wide = Reductions.restore(g, s);
        if (x.eq(0).any().item() == 0) {
            return wide.mul(Reductions.restore(s.out(), s).div(x));
        }
        if (!s.attrs().has("dim") && !GradMode.isEnabled() && x.eq(0).sum().item() > 1) {
            return Creation.zerosLike(x);
        }
        if (s.attrs().has("dim")) {
            return wide.mul(others(x, Shapes.dim((int) s.attrs().integer("dim"), x.dim())));
        }
        return wide.mul(others(x.reshape(-1), 0).reshape(x.shape()));
    }

    /** The product of all others along a dimension: those before times those after, each by doubling the reach. */
    private static Tensor others(Tensor x, int dim) {
        int n = x.view().shape()[dim];
        Tensor before = shifted(x, dim, 1, n);
        Tensor after = pulled(x, dim, 1, n);
        for (int reach = 1; reach < n; reach *= 2) {
            before = before.mul(shifted(before, dim, reach, n));
            after = after.mul(pulled(after, dim, reach, n));
        }
        return before.mul(after);
    }

    /** Each element moved {@code by} places up, ones coming in. */
    private static Tensor shifted(Tensor x, int dim, int by, int n) {
        return Joining.cat(List.of(ones(x, dim, by), x.slice(dim, 0, n - by, 1)), dim);
    }

    /** Each element moved {@code by} places down, ones coming in. */
    private static Tensor pulled(Tensor x, int dim, int by, int n) {
        return Joining.cat(List.of(x.slice(dim, by, n, 1), ones(x, dim, by)), dim);
    }

    private static Tensor ones(Tensor x, int dim, int extent) {
        int[] shape = x.shape();
        shape[dim] = extent;
        return Tensor.ones(shape, x.dtype());
    }
}
