package dev.backstep.server.speed;

import dev.backstep.engine.tensor.Tensor;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;

/**
 * A graph of single numbers: x = tanh(x · a + b) again and again, three ops a round, and back through all of it. The
 * answer is the sum of the value and of the three gradients.
 */
final class ScalarGraph {
    static final int OPS = 999;

    private ScalarGraph() {
    }

    static final class Ours implements Work {
        private final Tensor x = Tensor.scalar(0.5).requiresGrad(true);
        private final Tensor a = Tensor.scalar(1.25).requiresGrad(true);
        private final Tensor b = Tensor.scalar(-0.125).requiresGrad(true);

        @Override
        public double run() {
            x.grad(null);
            a.grad(null);
            b.grad(null);
            Tensor y = x;
            for (int i = 0; i < OPS; i += 3) {
                y = y.mul(a).add(b).tanh();
            }
            y.backward();
            return y.item() + x.grad().item() + a.grad().item() + b.grad().item();
        }
    }

    static final class Torchs implements Work {
        private final org.bytedeco.pytorch.Tensor x = leaf(0.5);
        private final org.bytedeco.pytorch.Tensor a = leaf(1.25);
        private final org.bytedeco.pytorch.Tensor b = leaf(-0.125);

        private static org.bytedeco.pytorch.Tensor leaf(double value) {
            return Torchs.scalar(value).set_requires_grad(true);
        }

        private static org.bytedeco.pytorch.Tensor scalar(double value) {
            return org.bytedeco.pytorch.Tensor.create(new float[] {(float) value}, new long[0]);
        }

        @Override
        public double run() {
            try (PointerScope _ = new PointerScope()) {
                for (var leaf : new org.bytedeco.pytorch.Tensor[] {x, a, b}) {
                    leaf.mutable_grad().reset();
                }
                org.bytedeco.pytorch.Tensor y = x;
                for (int i = 0; i < OPS; i += 3) {
                    y = torch.tanh(torch.add(torch.mul(y, a), b));
                }
                y.backward();
                return y.item_float() + x.grad().item_float() + a.grad().item_float() + b.grad().item_float();
            }
        }
    }
}
