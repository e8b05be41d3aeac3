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
