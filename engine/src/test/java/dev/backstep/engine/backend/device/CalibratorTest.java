package dev.backstep.engine.backend.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is measured, by clocks of our own. */
class CalibratorTest {
    @Test
    void everythingIsMeasuredAndGivenBack() {
        FaultyDevice device = new FaultyDevice();
        Calibrator measuring = Calibrator.of(device, System::nanoTime);
        while (measuring.step()) {
            assertTrue(device.memories() > 0);
        }
        assertEquals(0, device.memories());
        Calibration result = measuring.result();
        assertTrue(result.product() > 0 && result.step() > 0 && result.other() > 0, result::toString);
        assertEquals(result, Calibration.of(result.text()));
    }

    /** A clock that sees no difference: everything takes as long as a reading, so nothing may be taken to be free. */
    @Test
    void nothingIsFree() {
        long[] now = {0};
        Calibrator measuring = Calibrator.of(new FaultyDevice(), () -> now[0] += 5_000_000);
        while (measuring.step()) {
            continue;
        }
        Calibration result = measuring.result();
        assertEquals(5e6, result.read());
        assertEquals(0.05 * 5e6, result.call());
        assertEquals(0.05 * 5e6 / (1 << 17) / 6, result.step(), 1e-12);
        assertEquals(0.05 * 5e6 / (1 << 17) / 2, result.function(), 1e-12);
        assertEquals(0.05 * 5e6 / (192 * 192 * 192), result.product(), 1e-12);
    }

    @Test
    void theCpuHasNothingToMove() {
        Calibrator measuring = Calibrator.ofCpu(System::nanoTime);
        while (measuring.step()) {
            continue;
        }
        assertEquals(0, measuring.result().read());
        assertTrue(measuring.result().function() > 0, measuring.result()::toString);
    }

    @Test
    void otherTextsAreNoCalibration() {
        assertNull(Calibration.of(""));
        assertNull(Calibration.of("1 2 3 4 5 6 7 8 x"));
    }
}
