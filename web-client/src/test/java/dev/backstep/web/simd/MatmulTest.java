package dev.backstep.web.simd;

import static dev.backstep.web.simd.RandomViews.assertClose;
import static dev.backstep.web.simd.RandomViews.numbers;
import static dev.backstep.web.simd.RandomViews.strided;
import static dev.backstep.web.simd.RandomViews.text;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.web.suite.RandomWindows;
import dev.backstep.web.suite.Rig;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Products of matrices that lie in memory in all ways, with fused multiply-add and without. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MatmulTest {
    private static final int ROUNDS = 1_000;

    private NodeMachine plainMachine;
    private NodeMachine relaxedMachine;
    private SimdDevice plain;
    private SimdDevice relaxed;

    @BeforeAll
    void start() throws IOException {
        plainMachine = new NodeMachine(false);
        relaxedMachine = new NodeMachine(true);
        plain = new SimdDevice(plainMachine);
        relaxed = new SimdDevice(relaxedMachine);
    }

    @AfterAll
    void stop() {
        plainMachine.close();
        relaxedMachine.close();
    }

    @Test
    void matrixProducts() {
        Random random = new Random(9);
        for (int i = 0; i < ROUNDS; i++) {
            Rig rig = new Rig(i % 2 == 0 ? plain : relaxed);
            int most = i % 50 == 0 ? 300 : i % 10 == 0 ? 70 : 14;
            int batches = random.nextInt(4) == 0 ? random.nextInt(4) : 1;
            int rows = random.nextInt(9) == 0 ? 1 : random.nextInt(most + 1);
            int columns = random.nextInt(9) == 0 ? 1 : random.nextInt(most + 1);
            int inner = i % 60 == 0 ? 600 : random.nextInt(most + 1);
            product(rig, random, i + ": ", batches, rows, columns, inner);
        }
    }

    /** Shapes that are packed, blocked, and left over at each edge. */
    @Test
    void largeMatrixProducts() {
        Random random = new Random(10);
        int[][] shapes = {{128, 256, 512}, {97, 130, 515}, {1, 300, 700}, {200, 1, 300}, {64, 256, 784}, {6, 8, 3_000},
            {193, 9, 100}, {256, 256, 257}};
        for (int i = 0; i < 4 * shapes.length; i++) {
            int[] s = shapes[i % shapes.length];
            product(new Rig(i % 2 == 0 ? plain : relaxed), random, "large " + i + ": ", 1, s[0], s[1], s[2]);
        }
    }

    /** The second factor is what windows over images see, or that turned. */
    @Test
    void productsWithWindows() {
        Random random = new Random(11);
        for (int i = 0; i < ROUNDS; i++) {
            Rig rig = new Rig(i % 2 == 0 ? plain : relaxed);
            RandomWindows w = RandomWindows.of(random);
            boolean turned = i % 4 < 2;
            int inner = turned ? w.places() : w.seen();
            int columns = turned ? w.seen() : w.places();
            int rows = 1 + random.nextInt(i % 20 == 0 ? 90 : 12);
            int n = w.shape()[0];
            Operand right = rig.operand(rig.slot(DType.FLOAT32, numbers(random, DType.FLOAT32, w.size())),
                    turned ? RandomWindows.turned(w.shape()) : w.shape(),
                    turned ? RandomWindows.turned(w.strides()) : w.strides(), 0);
            Operand left = strided(rig, random, DType.FLOAT32, new int[] {n, rows, inner}, random.nextBoolean());
            Operand out = strided(rig, random, DType.FLOAT32, new int[] {n, rows, columns}, false);
            compare(rig, left, right, out, inner, "windows " + i + ": ");
        }
    }

    /** Each element differs by at most 5e-7 of how many normal numbers' products it is the sum of. */
    private static void product(Rig rig, Random random, String name, int batches, int rows, int columns, int inner) {
        Operand left = strided(rig, random, DType.FLOAT32, new int[] {batches, rows, inner}, false);
        Operand right = strided(rig, random, DType.FLOAT32, new int[] {batches, inner, columns},
                random.nextInt(5) == 0);
        Operand out = strided(rig, random, DType.FLOAT32, new int[] {batches, rows, columns}, false);
        compare(rig, left, right, out, inner, name);
    }

    private static void compare(Rig rig, Operand left, Operand right, Operand out, int inner, String name) {
        rig.run(Kernel.MATMUL, out, left, right);
        double[] scale = new double[rig.expected(out.slot()).length];
        Arrays.fill(scale, inner + 1);
        assertClose(rig, out, scale, 5e-7, name + text(out, left, right));
        rig.free();
    }
}
