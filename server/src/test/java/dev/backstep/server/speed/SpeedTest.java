package dev.backstep.server.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.server.cpu.OpenBlas;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the benchmarks time is the same work here and in LibTorch, and memory is measured where it is held. */
class SpeedTest {
    private static final int RUNS = 20;

    @AfterEach
    void plainLoops() {
        CpuBackend.multiplyBy(null);
    }

    @ParameterizedTest
    @EnumSource
    void bothDoTheSameWork(Task task) {
        assertTrue(OpenBlas.use());
        Work ours = task.ours();
        Work torchs = task.torchs();
        double first = 0;
        double last = 0;
        for (int i = 0; i < RUNS; i++) {
            last = torchs.run();
            first = i == 0 ? last : first;
            assertEquals(last, ours.run(), 1e-5 * Math.abs(last), "run " + i);
        }
        boolean learns = task == Task.SMALL_STEP || task == Task.LARGE_STEP;
        assertEquals(learns, last < first, "from " + first + " to " + last);
    }
}
