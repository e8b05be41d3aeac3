package dev.backstep.web.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.expr.Program;
import dev.backstep.web.suite.Rig;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every function on numbers of all sizes: exact ones to the bit, the others within the error their method names. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FunctionsTest {
    private static final double[] NASTY = {0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 2, -2, 3, -3, 1e-45, -1e-45,
        1e-40, -1e-40, 0x1p-126, -0x1p-126, 0x1p-25, -0x1p-25, 1e-7, -1e-7, 3.4028234663852886e38, -3.4028234663852886e38,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 88.7, 88.8, -87.3, -88, -103, -103.9, -104,
        -105, 9, -9, 7.9, 10.1, 8388607.5, 8388608, 16777217, 1e9, -1e9, 2147483648.0, 1.5707964, 3.1415927, 0x1p20,
        1048577, 1e30, -0.99999994, -0.9999, 0.99999994, 1.0000001};

    /** Beyond it a number of the allowed error may or may not round to infinity. */
    private static final double LARGEST = 0x1.fffffcp127;

    private NodeMachine plain;
    private NodeMachine relaxed;

    @BeforeAll
    void start() throws IOException {
        plain = new NodeMachine(false);
        relaxed = new NodeMachine(true);
    }

    @AfterAll
    void stop() {
        plain.close();
        relaxed.close();
    }

    /** In units of the last place of the float32 nearest to the true value. */
    private static double allowed(Fn fn) {
        return switch (fn) {
            case EXP, EXPM1, LOG, LOG1P, SIN, COS -> 2;
            case SIGMOID, ERF, TANH -> 3;
            case TAN -> 4;
            case POW -> 1;
            default -> 0;
        };
    }

    private static double[] numbers(Random random, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = i < NASTY.length ? NASTY[i] : switch (i % 4) {
                case 0 -> Float.intBitsToFloat(random.nextInt());
                case 1 -> (float) (random.nextGaussian() * 3);
                case 2 -> (float) (random.nextGaussian() * Math.pow(10, random.nextInt(8) - 5));
                default -> (float) Math.rint(random.nextGaussian() * 4);
            };
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(Fn.class)
    void keepsItsBound(Fn fn) {
        for (NodeMachine machine : List.of(plain, relaxed)) {
            check(fn, new Rig(new SimdDevice(machine)));
        }
    }

    private static void check(Fn fn, Rig rig) {
        Random random = new Random(fn.ordinal());
        int n = fn.arity() == 1 ? 200_003 : NASTY.length * NASTY.length + 100_003;
        double[] x = numbers(random, n);
        double[] y = numbers(random, n);
        double[] z = numbers(random, n);
        if (fn.arity() > 1) {
            for (int i = 0; i < NASTY.length * NASTY.length; i++) {
                x[i] = (float) NASTY[i / NASTY.length];
                y[i] = (float) NASTY[i % NASTY.length];
            }
        }
        int a = rig.slot(DType.FLOAT32, x);
        int b = rig.slot(DType.FLOAT32, y);
        int c = rig.slot(DType.FLOAT32, z);
        int out = rig.slot(DType.FLOAT32, new double[n]);
        Expr formula = new Expr.Call(fn, IntStream.range(0, fn.arity()).mapToObj(Expr::arg).toList());
        rig.pointwise(formula, rig.contiguous(out, n), rig.contiguous(a, n), rig.contiguous(b, n),
                rig.contiguous(c, n));
        double[] actual = rig.actual(out);
        double worst = 0;
        int at = 0;
        for (int i = 0; i < n; i++) {
            double exact = Program.apply(fn, (float) x[i], (float) y[i], (float) z[i]);
            String call = fn + " of " + (float) x[i] + ", " + (float) y[i] + ", " + (float) z[i];
            float rounded = (float) exact;
            if (allowed(fn) == 0 || rounded != rounded || Float.isInfinite((float) actual[i]) || rounded == 0) {
                boolean bothOver = allowed(fn) > 0 && Math.abs(exact) > LARGEST && Math.abs(actual[i]) > LARGEST;
                boolean near = rounded == 0 && allowed(fn) > 0 && Math.abs(actual[i]) <= allowed(fn) * Float.MIN_VALUE;
                if (!bothOver && !near) {
                    assertEquals(Float.floatToIntBits(rounded), Float.floatToIntBits((float) actual[i]), call);
                }
                continue;
            }
            double error = Math.abs(actual[i] - exact) / Math.ulp(rounded);
            if (!(error <= worst)) {
                worst = error;
                at = i;
            }
        }
        int found = at;
        double error = worst;
        assertTrue(error <= allowed(fn), () -> fn + " is off by " + error + " ulp at " + (float) x[found] + ", "
                + (float) y[found]);
        rig.free();
    }
}
