package dev.backstep.web.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Read piece by piece, many numbers tell what they tell in one. */
class SkimTest {
    /** 0, 1, 2 ... of 300 x 251, at which a picture of 48 x 48 shows every sixth row and fifth column or so. */
    private static Tensor matrix(DType type) {
        double[] values = new double[300 * 251];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return Tensor.of(values, new int[] {300, 251}, type);
    }

    private static Skim read(Tensor tensor, int pieces) {
        Skim skim = new Skim(tensor);
        int read = 1;
        while (skim.proceed()) {
            read++;
        }
        assertEquals(pieces, read);
        return skim;
    }

    @Test
    void sumsAndPictureAreThoseOfAllNumbers() {
        Skim skim = read(matrix(DType.FLOAT64), 3);
        int count = 300 * 251;
        assertEquals(count - 1, skim.limit());
        assertEquals("x̄ " + NumberText.brief((count - 1) / 2.0), skim.mean());
        double squares = (count - 1.0) * count * (2.0 * count - 1) / 6;
        assertEquals("‖·‖ " + NumberText.brief(Math.sqrt(squares)), skim.norm());
        HeatMap.Sample sample = skim.sample();
        assertEquals(48, sample.width());
        assertEquals(48, sample.height());
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 48; x++) {
                assertEquals(y * 300 / 48 * 251 + x * 251 / 48, sample.values()[y * 48 + x]);
            }
        }
    }

    @Test
    void numbersThatLieOtherwiseAreReadInTheirOrder() {
        Tensor turned = matrix(DType.FLOAT32).transpose(0, 1);
        HeatMap.Sample sample = read(turned, 3).sample();
        assertEquals(turned.select(0, 251 / 48).toDoubles()[300 / 48], sample.values()[49]);
        assertArrayEquals(new double[] {3, 4}, read(Tensor.of(3, 4), 1).sample().values());
    }

    @Test
    void whatIsNotFiniteIsNoLimit() {
        Tensor tensor = Tensor.of(1, -5, Double.NaN, Double.NEGATIVE_INFINITY);
        Skim skim = read(tensor, 1);
        assertEquals(5, skim.limit());
        assertTrue(skim.norm().contains("nan"), skim.norm());
    }
}
