package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code matmul} as PyTorch puts it together from other ops, so that its graph has the same nodes: two vectors are a
 * {@code dot}, up to two dimensions an {@code mv} or {@code mm}; of more dimensions the batch is folded into the rows
 * of one matrix where that needs no copy (or saves a larger one in backward), else both are expanded for a {@code bmm}.
 */
final class Matmul {
    private Matmul() {
    }

    static Tensor of(Tensor a, Tensor b) {
        checkRanks(a.dim(), b.dim());
        if (a.dim() == 1 && b.dim() == 1) {
            return Linalg.DOT.call(a, b);
        }
        if (a.dim() == 2 && b.dim() == 1) {
            return Linalg.MV.call(a, b);
        }
        if (a.dim() == 1 && b.dim() == 2) {
            return Linalg.SQUEEZE_IN_PLACE.call(Attrs.of("dim", 0), a.unsqueeze(0).mm(b));
        }
        if (a.dim() == 2 && b.dim() == 2) {
            return a.mm(b);
        }
        return folds(a, b) ? folded(a, b) : batched(a, b);
    }

    /** Whether the batch of the larger one becomes rows. */
    private static boolean folds(Tensor a, Tensor b) {
        boolean firstLarger = a.dim() >= b.dim();
        Tensor large = firstLarger ? a : b.detach().mT();
        Tensor small = firstLarger ? b : a;
        if (large.dim() < 3 || small.dim() > 2) {
            return false;
        }
        if (small.requiresGrad()) {
            return true;
        }
        if (a.dim() == 2) {
            return false;
        }
        if (large.numel() == 0) {
            return true;
        }
        View view = large.view();
        for (int d = 0; d < view.rank() - 2; d++) {
            if (view.strides()[d] != view.strides()[d + 1] * view.shape()[d + 1]) {
                return false;
            }
        }
        return true;
    }

    private static Tensor folded(Tensor a, Tensor b) {
        boolean turned = b.dim() > a.dim();
        Tensor large = turned ? b.mT() : a;
        Tensor small = !turned ? b : a.dim() == 2 ? a.t() : a;
        int[] from = large.view().shape();
        int[] batch = Arrays.copyOf(from, from.length - 1);
        Tensor rows = large.reshape(Shapes.numel(batch), from[from.length - 1]);
        if (small.dim() == 1) {
            return unsafeView(Linalg.MV.call(rows, small), batch);
        }
        Tensor product = unsafeView(rows.mm(small), Shapes.with(batch, batch.length, small.view().shape()[1]));
        return turned ? product.mT().contiguous() : product;
    }

    private static Tensor batched(Tensor a, Tensor b) {
        int[] left = a.view().shape();
        int[] right = b.view().shape();
        // A batch of one that needs a gradient is not repeated, or the gradient would be.
        if (left.length == 3 && right.length == 3 && left[0] != right[0]) {
            if (left[0] == 1 && a.requiresGrad()) {
                return of(a.squeeze(0), b);
            }
            if (right[0] == 1 && b.requiresGrad()) {
                return of(a, b.squeeze(0));
            }
        }
        int n = left.length > 1 ? left[left.length - 2] : 1;
        int inner = left[left.length - 1];
        int rows = right.length > 1 ? right[right.length - 2] : right[0];
        int p = right.length > 1 ? right[right.length - 1] : 1;
        int[] batch = batch(left, right);
        int count = Shapes.numel(batch);
        Tensor wide = a.expand(with(batch, n, inner)).reshape(count, n, inner);
        int[] shape = batch;
        if (left.length > 1) {
            shape = with(shape, n);
        }
        if (right.length == 1) {
            Tensor columns = b.expand(with(batch, rows)).reshape(count, rows).unsqueeze(2);
            return unsafeView(Linalg.BMM.call(wide, columns).squeeze(-1), shape);
        }
        Tensor other = b.expand(with(batch, rows, p)).reshape(count, rows, p);
        return unsafeView(Linalg.BMM.call(wide, other), with(shape, p));
    }

    /**
     * The result's shape and type. Which refusal is met depends on the path, and that on who needs a gradient; this
     * takes the path of tensors that need none.
     */
    static Meta infer(Meta a, Meta b) {
        int[] left = a.shape();
        int[] right = b.shape();
        checkRanks(left.length, right.length);
        if (left.length == 1 && right.length == 1) {
            return ProductShapes.dot(a, b);
        }
        if (left.length == 2 && right.length == 1) {
            return ProductShapes.mv(a, b);
        }
        if (left.length == 1 && right.length == 2) {
            Meta row = ProductShapes.mm(new Meta(new int[] {1, left[0]}, a.dtype()), b);
            return new Meta(new int[] {row.shape()[1]}, row.dtype());
        }
        if (left.length == 2 && right.length == 2) {
            return ProductShapes.mm(a, b);
        }
        if (left.length > 2 && right.length <= 2) {
            int[] batch = Arrays.copyOf(left, left.length - 1);
            Meta rows = new Meta(new int[] {Shapes.numel(batch), left[left.length - 1]}, a.dtype());
            if (right.length == 1) {
                return new Meta(batch, ProductShapes.mv(rows, b).dtype());
            }
            return new Meta(with(batch, right[1]), ProductShapes.mm(rows, b).dtype());
        }
        int n = left.length > 1 ? left[left.length - 2] : 1;
        int p = right[right.length - 1];
        int[] batch = batch(left, right);
        int count = Shapes.numel(batch);
        ProductShapes.bmm(new Meta(new int[] {count, n, left[left.length - 1]}, a.dtype()),
                new Meta(new int[] {count, right[right.length - 2], p}, b.dtype()));
        return new Meta(left.length > 1 ? with(batch, n, p) : with(batch, p), a.dtype());
    }

    private static void checkRanks(int a, int b) {
        if (a == 0 || b == 0) {
            throw TorchError.runtime("both arguments to matmul need to be at least 1D, but they are " + a + "D and " + b
                    + "D");
        }
    }

    private static int[] batch(int[] left, int[] right) {
        return Shapes.broadcast(Arrays.copyOf(left, Math.max(left.length - 2, 0)),
                Arrays.copyOf(right, Math.max(right.length - 2, 0)));
    }

    private static int[] with(int[] shape, int... more) {
        int[] all = Arrays.copyOf(shape, shape.length + more.length);
        System.arraycopy(more, 0, all, shape.length, more.length);
        return all;
    }

    private static Tensor unsafeView(Tensor tensor, int[] shape) {
        return Movement.UNSAFE_VIEW.call(Attrs.of("size", shape), tensor);
    }

    static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        int[][][] shapes = {{{3}, {3}}, {{2, 3}, {3}}, {{3}, {3, 2}}, {{2, 3}, {3, 4}}, {{2, 3, 4}, {4}},
            {{2, 3, 4}, {4, 2}}, {{2, 3}, {2, 3, 4}}, {{3}, {2, 3, 4}}, {{2, 3, 4}, {2, 4, 2}}, {{1, 3, 4}, {2, 4, 2}},
            {{2, 3, 4}, {1, 4, 2}}, {{2, 1, 2, 3}, {2, 3, 2}}, {{0, 3}, {3, 2}}, {{2, 0}, {0, 2}}};
        for (int[][] pair : shapes) {
            samples.add(Sample.of(Samples.data(pair[0]), Samples.uniform(3, -1, 1, pair[1])));
        }
        samples.add(Sample.of(Samples.data(4, 2, 3).permute(1, 2, 0), Samples.data(4, 2)));
        return samples;
    }
}
