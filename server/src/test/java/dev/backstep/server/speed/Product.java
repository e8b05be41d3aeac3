package dev.backstep.server.speed;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;

/** A float32 product of two square matrices. The answer is one element of it. */
final class Product {
    private Product() {
    }

    static final class Ours implements Work {
        private final Tensor a;
        private final Tensor b;

        Ours(int n) {
            a = new Generator().manualSeed(1).rand(DType.FLOAT32, n, n);
            b = new Generator().manualSeed(2).rand(DType.FLOAT32, n, n);
        }

        @Override
        public double run() {
            return a.mm(b).select(0, 1).select(0, 2).item();
        }
    }

    static final class Torchs implements Work {
        private final org.bytedeco.pytorch.Tensor a;
        private final org.bytedeco.pytorch.Tensor b;

        Torchs(int n) {
            torch.manual_seed(1);
            a = torch.rand(n, n);
            torch.manual_seed(2);
            b = torch.rand(n, n);
        }

        @Override
        public double run() {
            try (PointerScope _ = new PointerScope()) {
                return a.mm(b).select(0, 1).select(0, 2).item_float();
            }
        }
    }
}
