package dev.backstep.web.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ScalesTest {
    @Test
    void normsInTheLogarithm() {
        assertEquals(0, NormScale.level(0));
        assertEquals(0, NormScale.level(1e-9));
        assertEquals(0, NormScale.level(1e-6));
        assertEquals(5, NormScale.level(1e-2));
        assertEquals(0.75, NormScale.share(1), 1e-12);
        assertEquals(NormScale.TOP, NormScale.level(100));
        assertEquals(NormScale.TOP, NormScale.level(1e30));
        assertEquals(NormScale.TOP, NormScale.level(Double.NaN));
    }

    @Test
    void bytes() {
        assertEquals("0 B", ByteText.of(0));
        assertEquals("1023 B", ByteText.of(1023));
        assertEquals("1.5 KiB", ByteText.of(1536));
        assertEquals("12 MiB", ByteText.of(12L << 20));
    }
}
