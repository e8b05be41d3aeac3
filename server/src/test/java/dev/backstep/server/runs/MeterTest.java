package dev.backstep.server.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static final int MEGA = 1 << 20;

    @BeforeAll
    static void count() {
        MeteredBackend.install();
    }

    @Test
    void whatIsHeldIsRefusedBeyondTheLimit() {
        var meter = new Meter(10 * MEGA);
        List<Tensor> held = new ArrayList<>();
        try (var _ = meter.measure()) {
            var refused = assertThrows(TooMuchMemory.class, () -> {
                while (held.size() < 100) {
                    held.add(Tensor.zeros(new int[] {MEGA / 4}, DType.FLOAT32));
                }
            });
            assertTrue(refused.getMessage().contains("gives a run 10 MB"), refused::getMessage);
        }
        assertEquals(9, held.size(), "ten with what is needed beside the numbers are more than ten mebibytes");
    }

    @Test
    void garbageIsNotHeld() {
        var meter = new Meter(10 * MEGA);
        double sum = 0;
        try (var _ = meter.measure()) {
            for (int i = 0; i < 200; i++) {
                sum += Tensor.ones(new int[] {MEGA / 4}, DType.FLOAT32).sum().item();
            }
        }
        assertEquals(200.0 * MEGA / 4, sum);
    }

    @Test
    void smallMemoryIsCountedToo() {
        var meter = new Meter(100 * MEGA);
        List<Tensor> held = new ArrayList<>();
        try (var _ = meter.measure()) {
            for (int i = 0; i < 50_000; i++) {
                held.add(Tensor.zeros(new int[] {16}, DType.FLOAT32));
            }
        }
        long bytes = 50_000L * (16 * 4 + 300);
        assertEquals(bytes, meter.held(), 200_000, "but for the last pieces");
        assertEquals(50_000, held.size());
    }

    @Test
    void oneThatIsToGoIsToldSo() {
        var meter = new Meter(10 * MEGA);
        meter.condemn();
        try (var _ = meter.measure()) {
            var refused = assertThrows(TooMuchMemory.class, () -> Tensor.zeros(new int[] {10}, DType.FLOAT32));
            assertTrue(refused.getMessage().contains("ran out of memory"), refused::getMessage);
        }
        assertEquals(10, Tensor.zeros(new int[] {10}, DType.FLOAT32).numel(), "others go on");
    }
}
