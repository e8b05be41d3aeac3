package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.data.DataLoader;
import dev.backstep.engine.data.Subset;
import dev.backstep.engine.data.TensorDataset;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of samples, put together of LibTorch's draws as Python's loader does it. */
class DataLoaderOracleTest {
    private static final long SEED = 5;

    private static TensorDataset rows(int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return new TensorDataset(Tensor.of(values, new int[] {n, 1}, DType.FLOAT32),
                Tensor.of(values, new int[] {n}, DType.INT64));
    }

    private static long draw() {
        return Torch.empty(DType.INT64).random_().item_long();
    }

    /** The order of a pass: of each pass two numbers are drawn, and the second seeds the permutation. */
    private static double[] expected(int n, int pass) {
        torch.manual_seed(SEED);
        for (int i = 0; i < 2 * pass + 1; i++) {
            draw();
        }
        torch.manual_seed(draw());
        return Torch.values(torch.randperm(n));
    }

    @ParameterizedTest
    @CsvSource({"10, 3, false", "10, 3, true", "10, 5, true", "1, 4, false", "1000, 64, false"})
    void shufflesAsPythonDoes(int n, int batchSize, boolean dropLast) {
        try (PointerScope _ = new PointerScope()) {
            Generator generator = new Generator().manualSeed(SEED);
            DataLoader loader = new DataLoader(rows(n), batchSize, true, dropLast, generator);
            for (int pass = 0; pass < 3; pass++) {
                List<Double> seen = new ArrayList<>();
                int batches = 0;
                for (Tensor[] batch : loader) {
                    assertArrayEquals(new int[] {batch[1].numel(), 1}, batch[0].shape());
                    assertArrayEquals(batch[0].toDoubles(), batch[1].toDoubles());
                    for (double row : batch[1].toDoubles()) {
                        seen.add(row);
                    }
                    batches++;
                }
                double[] order = expected(n, pass);
                int count = dropLast ? n / batchSize * batchSize : n;
                assertEquals(loader.size(), batches);
                assertArrayEquals(java.util.Arrays.copyOf(order, count),
                        seen.stream().mapToDouble(x -> x).toArray(), "pass " + pass);
            }
        }
    }

    @Test
    void aPassInOrderDrawsOneNumberToo() {
        try (PointerScope _ = new PointerScope()) {
            Generator generator = new Generator().manualSeed(SEED);
            int row = 0;
            for (Tensor[] batch : new DataLoader(rows(5), 2, false, false, generator)) {
                for (double value : batch[1].toDoubles()) {
                    assertEquals(row++, value);
                }
            }
            assertEquals(5, row);
            torch.manual_seed(SEED);
            draw();
            assertArrayEquals(Torch.values(torch.randperm(20)), generator.randperm(20).toDoubles());
        }
    }

    @Test
    void splitsByOnePermutation() {
        try (PointerScope _ = new PointerScope()) {
            List<Subset> parts = Subset.randomSplit(rows(10), new Generator().manualSeed(SEED), 7, 3);
            torch.manual_seed(SEED);
            double[] order = Torch.values(torch.randperm(10));
            for (int i = 0; i < 10; i++) {
                Subset part = parts.get(i < 7 ? 0 : 1);
                int at = i < 7 ? i : i - 7;
                assertEquals(order[i], part.indices()[at]);
                assertEquals(order[i], part.batch(at)[1].item());
            }
            // Python's random_split of 10 samples in shares of a third each makes parts of 4, 3 and 3.
            assertEquals(List.of(4, 3, 3), Subset.randomSplit(rows(10), new Generator(), 1 / 3.0, 1 / 3.0, 1 / 3.0)
                    .stream().map(Subset::size).toList());
        }
    }

    @Test
    void refusesAsPythonDoes() {
        Generator generator = new Generator();
        assertEquals("Sum of input lengths does not equal the length of the input dataset!",
                assertThrows(TorchError.class, () -> Subset.randomSplit(rows(4), generator, 1, 2)).getMessage());
        assertEquals("batch_size should be a positive integer value, but got batch_size=0",
                assertThrows(TorchError.class, () -> new DataLoader(rows(4), 0, true, false, generator))
                        .getMessage());
        assertEquals("Size mismatch between tensors", assertThrows(TorchError.class,
                () -> new TensorDataset(Tensor.of(1, 2), Tensor.of(1, 2, 3))).getMessage());
    }
}
