package dev.backstep.engine.data;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** Where the samples of a data box come from. */
public enum Source {
    /** Points of the square ±1, of two classes: whether the signs of x1 and x2 differ. */
    XOR {
        @Override
        public Samples make(Attrs attrs) {
            int n = (int) attrs.integer("samples");
            Generator generator = new Generator().manualSeed(attrs.integer("seed"));
            Tensor x = generator.uniform(DType.FLOAT32, -1, 1, n, 2);
            Tensor noise = generator.normal(DType.FLOAT32, 0, attrs.number("noise"), n, 2);
            double[] at = x.add(noise).toDoubles();
            long[] y = new long[n];
            for (int i = 0; i < n; i++) {
                y[i] = at[2 * i] > 0 == at[2 * i + 1] > 0 ? 0 : 1;
            }
            return new Samples(x, Tensor.of(y, n), List.of("x1", "x2"), List.of("0", "1"));
        }
    };

    /** The name in documents. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The samples that a data box with those attributes has. */
    public abstract Samples make(Attrs attrs);
}
