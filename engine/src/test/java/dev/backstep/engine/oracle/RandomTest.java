package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator's numbers against LibTorch's, bit for bit, each call going on where the last one ended. */
class RandomTest {
    private static final int[] SIZES = {1, 3, 15, 16, 17, 31, 32, 100, 1000, 7, 50_000};
    private static final long[] SEEDS = {0, 1, 42, 123456789012345L};

    private Generator generator;

    @BeforeEach
    void start() {
        generator = new Generator();
    }

    private void seed(long seed) {
        generator.manualSeed(seed);
        torch.manual_seed(seed);
    }

    private static void same(org.bytedeco.pytorch.Tensor expected, Tensor actual) {
        assertEquals(Torch.dtype(expected), actual.dtype());
        assertArrayEquals(Torch.values(expected), actual.toDoubles());
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT32", "FLOAT64"})
    void uniformNumbers(DType type) {
        for (long seed : SEEDS) {
            seed(seed);
            for (int n : SIZES) {
                same(Torch.empty(type, n).uniform_(), generator.rand(type, n));
                same(Torch.empty(type, n).uniform_(-0.3, 0.7, null), generator.uniform(type, -0.3, 0.7, n));
                same(Torch.empty(type, n).uniform_(-0.577, 0.577, null), generator.uniform(type, -0.577, 0.577, n));
                same(Torch.empty(type, n).uniform_(1.7, 1000.1, null), generator.uniform(type, 1.7, 1000.1, n));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT32", "FLOAT64"})
    void normalNumbers(DType type) {
        for (long seed : SEEDS) {
            seed(seed);
            for (int n : SIZES) {
                same(Torch.empty(type, n).normal_(), generator.randn(type, n));
                same(Torch.empty(type, n).normal_(0.5, 1.7, null), generator.normal(type, 0.5, 1.7, n));
                same(Torch.empty(type, n).normal_(-3, 0.02, null), generator.normal(type, -3, 0.02, n));
            }
        }
    }

    /** Where the C library's logarithm, sine and cosine round the other way than the exact values do: 1 of 1,000. */
    @Test
    void manyNormalNumbersInDouble() {
        for (long seed : SEEDS) {
            seed(seed);
            same(Torch.empty(DType.FLOAT64, 250_000).normal_(), generator.randn(DType.FLOAT64, 250_000));
            for (int i = 0; i < 3000; i++) {
                same(Torch.empty(DType.FLOAT64, 15).normal_(), generator.randn(DType.FLOAT64, 15));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,10", "-5,3", "0,268435455", "0,268435456", "-7,1099511627776", "0,1"})
    void integers(long low, long high) {
        for (long seed : SEEDS) {
            seed(seed);
            same(torch.randint(low, high, new long[] {1000}), generator.randint(low, high, 1000));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 10, 1000})
    void permutations(int n) {
        for (long seed : SEEDS) {
            seed(seed);
            same(torch.randperm(n), generator.randperm(n));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5, 0.9, 1})
    void masks(double probability) {
        for (long seed : SEEDS) {
            seed(seed);
            same(Torch.empty(DType.FLOAT32, 1000).bernoulli_(probability, null),
                    generator.bernoulli(DType.FLOAT32, probability, 1000));
        }
    }
}
