package dev.backstep.engine.oracle;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.FaultyDevice;
import dev.backstep.engine.backend.device.PlacedBackend;
import dev.backstep.engine.oracle.FuzzProgram.Kind;
import dev.backstep.engine.suite.fuzz.FuzzReplay;
import dev.backstep.engine.tensor.Backends;
import dev.backstep.engine.tensor.Tape;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Random programs beside LibTorch with everything on a device, one that fails now and then in half of them. */
class PlacedFuzzTest {
    private static final int PROGRAMS = Integer.getInteger("backstep.fuzz.programs", 400);
    private static final Calibration FREE = new Calibration(0, 0, 0, 0, 0, 0, 0, 0, 0);

    @AfterEach
    void back() {
        Backends.use(new CpuBackend());
    }

    @Test
    void programsGoAsInPyTorch() {
        Random seeds = new Random(Long.getLong("backstep.fuzz.seed", 2));
        int runs = 0;
        int faults = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            long seed = seeds.nextLong();
            FaultyDevice device = i % 2 == 0 ? new FaultyDevice()
                    : new FaultyDevice(seed, 0.02, i % 4 == 1 ? EnumSet.allOf(DeviceException.Kind.class)
                            : Set.of(DeviceException.Kind.OUT_OF_MEMORY), 1000);
            PlacedBackend placed = new PlacedBackend(Tape::maker);
            placed.add(device, FREE, 1 << 16);
            placed.force(_ -> device.name());
            Backends.use(placed);
            assertNull(FuzzReplay.difference(FuzzProgram.of(seed, Kind.SMALL).record()), "seed " + seed);
            runs += device.runs();
            faults += device.faults();
        }
        assertTrue(runs > 5 * PROGRAMS, "computations there: " + runs);
        assertTrue(faults > PROGRAMS / 10, "faults: " + faults);
    }
}
