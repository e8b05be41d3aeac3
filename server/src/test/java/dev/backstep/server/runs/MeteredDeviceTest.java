package dev.backstep.server.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A device's memory is the run's, until it is given back. */
class MeteredDeviceTest {
    private static final int MEGA = 1 << 20;

    private final Meter meter = new Meter(10 * MEGA);

    @Test
    void whatIsHeldThereIsRefusedBeyondTheLimit() {
        Device device = MeteredDevice.of(List.of(new LikeCuda()), meter).getFirst();
        List<Memory> held = new ArrayList<>();
        var refused = assertThrows(TooMuchMemory.class, () -> {
            while (held.size() < 100) {
                held.add(device.allocate(DType.FLOAT32, MEGA / 4));
            }
        });
        assertEquals("The run held 10 MB and needed 12 MB; this server gives a run 10 MB.",
                refused.getMessage().replaceAll("(10 MB\\.).*", "$1"));
        assertEquals(10, held.size());
        assertEquals(10L * MEGA, meter.heldOnDevice());
        assertEquals(0, meter.held(), "of the process's own memory it has none");
        device.free(held.removeLast());
        held.add(device.allocate(DType.FLOAT32, MEGA / 4));
        held.forEach(device::free);
        assertEquals(0, meter.heldOnDevice());
    }

    @Test
    void tensorsAndDevicesCountTogether() {
        Device device = MeteredDevice.of(List.of(new LikeCuda()), meter).getFirst();
        device.allocate(DType.FLOAT32, MEGA);
        device.allocate(DType.INT64, MEGA);
        assertThrows(TooMuchMemory.class, () -> meter.wants(DType.FLOAT32, MEGA));
        meter.wants(DType.FLOAT32, MEGA / 4);
    }

    @Test
    void theCpusStepsCountAsTheProcesss() {
        Device device = MeteredDevice.of(List.of(new CpuDevice()), meter).getFirst();
        Memory memory = device.allocate(DType.FLOAT64, MEGA / 2);
        assertEquals(4L * MEGA, meter.held());
        assertEquals(0, meter.heldOnDevice());
        device.free(memory);
        assertEquals(0, meter.held());
    }

    @Test
    void whatAnExecutableHoldsCountsUntilItIsClosed() {
        var greedy = new LikeCuda(6L * MEGA);
        Device device = MeteredDevice.of(List.of(greedy), meter).getFirst();
        Executable first = device.prepare(List.of(), List.of());
        assertEquals(6L * MEGA, meter.heldOnDevice());
        assertThrows(TooMuchMemory.class, () -> device.prepare(List.of(), List.of()));
        assertEquals(1, greedy.open(), "what was refused is given back");
        first.close();
        assertEquals(0, meter.heldOnDevice());
        assertTrue(device.prepare(List.of(), List.of()).bytes() > 0);
    }
}
