package dev.backstep.server.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.cpu.MatrixProduct;
import dev.backstep.engine.tensor.Generator;
import dev.backstep.engine.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Products of matrices by the library and by the plain loops against sums in float64. */
class OpenBlasTest {
    private static final int LARGE = 32 * 32 * 32;

    /** Counts what reaches the library. */
    private static final class Counting implements MatrixProduct {
        private final MatrixProduct library = OpenBlas.load(OpenBlas.platform());
        private int calls;

        @Override
        public void floats(int rows, int columns, int inner, Matrix<float[]> a, Matrix<float[]> b, float[] c, int at) {
            calls++;
            library.floats(rows, columns, inner, a, b, c, at);
        }

        @Override
        public void doubles(int rows, int columns, int inner, Matrix<double[]> a, Matrix<double[]> b, double[] c,
                int at) {
            calls++;
            library.doubles(rows, columns, inner, a, b, c, at);
        }
    }

    @AfterEach
    void plainLoops() {
        CpuBackend.multiplyBy(null);
    }

    @Test
    void anyShapeAndLayoutByTheLibrary() {
        Counting counting = new Counting();
        CpuBackend.multiplyBy(counting);
        int large = randomProducts();
        assertTrue(large > 50, "large products: " + large);
        assertEquals(large, counting.calls);
    }

    @Test
    void anyShapeAndLayoutByPlainLoops() {
        assertTrue(randomProducts() > 50);
    }

    /** @return how many were large enough for the library */
    private static int randomProducts() {
        Random random = new Random(3);
        int large = 0;
        for (int i = 0; i < 150; i++) {
            DType type = random.nextInt(3) == 0 ? DType.FLOAT64 : DType.FLOAT32;
            int rows = extent(random);
            int inner = extent(random);
            int columns = extent(random);
            Tensor a = matrix(random, type, rows, inner);
            Tensor b = matrix(random, type, inner, columns);
            check("product " + i, a, b, a.mm(b));
            large += (long) rows * inner * columns > LARGE ? 1 : 0;
        }
        return large;
    }

    private static int extent(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> 700;
            default -> 1 + random.nextInt(90);
        };
    }

    /** Random numbers, laid out in one of the ways in which a matrix can come. */
    private static Tensor matrix(Random random, DType type, int rows, int columns) {
        Generator generator = new Generator().manualSeed(random.nextInt());
        return switch (random.nextInt(7)) {
            case 0 -> generator.randn(type, columns, rows).t();
            case 1 -> generator.randn(type, rows + 2, columns + 3).slice(0, 1, rows + 1, 1).slice(1, 2, columns + 2, 1);
            case 2 -> generator.randn(type, columns + 2, rows + 3).slice(0, 1, columns + 1, 1).slice(1, 2, rows + 2, 1)
                    .t();
            case 3 -> generator.randn(type, rows * 2, columns * 3).slice(0, 0, rows * 2, 2).slice(1, 0, columns * 3, 3);
            case 4 -> generator.randn(type, 1, columns).expand(rows, columns);
            case 5 -> generator.randn(type, rows, 1).expand(rows, columns);
            default -> generator.randn(type, rows, columns);
        };
    }

    private static void check(String what, Tensor first, Tensor second, Tensor product) {
        int rows = first.shape()[0];
        int inner = first.shape()[1];
        int columns = second.shape()[1];
        double[] a = first.toDoubles();
        double[] b = second.toDoubles();
        double[] actual = product.toDoubles();
        assertArrayEquals(new int[] {rows, columns}, product.shape(), what);
        double unit = product.dtype() == DType.FLOAT32 ? 0x1p-23 : 0x1p-52;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                double size = 0;
                for (int k = 0; k < inner; k++) {
                    double term = a[i * inner + k] * b[k * columns + j];
                    sum += term;
                    size += Math.abs(term);
                }
                // What any order of summing may lose, and a NaN or an infinity exactly where it is due.
                double allowed = Double.isFinite(sum) ? unit * (inner + 1) * size : 0;
                assertEquals(sum, actual[i * columns + j], allowed, what + " at " + i + ", " + j);
            }
        }
    }

    @Test
    void batchesGoOneByOne() {
        Counting counting = new Counting();
        CpuBackend.multiplyBy(counting);
        Tensor a = new Generator().manualSeed(1).randn(DType.FLOAT32, 3, 50, 40);
        Tensor b = new Generator().manualSeed(2).randn(DType.FLOAT32, 3, 30, 40).mT();
        Tensor product = a.matmul(b);
        for (int i = 0; i < 3; i++) {
            check("batch " + i, a.select(0, i), b.select(0, i), product.select(0, i));
        }
        assertEquals(3, counting.calls);
    }

    @Test
    void aNanOrAnInfinityStaysInItsRow() {
        for (boolean library : new boolean[] {true, false}) {
            CpuBackend.multiplyBy(library ? OpenBlas.load(OpenBlas.platform()) : null);
            for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
                double[] numbers = new Generator().manualSeed(1).randn(type, 60, 60).toDoubles();
                numbers[3 * 60 + 5] = Double.NaN;
                numbers[7 * 60 + 1] = Double.POSITIVE_INFINITY;
                numbers[9 * 60] = Double.NEGATIVE_INFINITY;
                numbers[9 * 60 + 2] = Double.POSITIVE_INFINITY;
                Tensor a = Tensor.of(numbers, new int[] {60, 60}, type);
                // Zero times infinity is a NaN too.
                Tensor b = new Generator().manualSeed(2).randn(type, 60, 60).relu();
                check("library: " + library, a, b, a.mm(b));
            }
        }
    }

    @Test
    void aProductOfManyRowsGoesInSeveralCalls() {
        CpuBackend.multiplyBy(OpenBlas.load(OpenBlas.platform()));
        Tensor a = Tensor.ones(new int[] {33, 8192}, DType.FLOAT32);
        Tensor b = Tensor.ones(new int[] {8192, 4097}, DType.FLOAT32);
        double[] product = a.mm(b).toDoubles();
        for (double number : product) {
            assertEquals(8192, number);
        }
    }

    @Test
    void saysWhyThereIsNoLibrary() {
        Error refusal = assertThrows(UnsatisfiedLinkError.class, () -> OpenBlas.load("plan9-mips"));
        assertEquals("no OpenBLAS for plan9-mips beside the program", refusal.getMessage());
    }

    @Test
    void isUsedHere() {
        assertTrue(OpenBlas.use());
    }
}
