package dev.backstep.server.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same on a device, where there is one. */
class GpuTest {
    private static CudaDevice device;
    private static String reason;

    @BeforeAll
    static void open() {
        try {
            device = new CudaDevice(NativeDriver.open(), Path.of("target", "kernels"), false);
        } catch (Missing none) {
            reason = none.getMessage();
        }
    }

    private static void assumeThere() {
        assumeTrue(device != null, reason);
    }

    @Test
    void theEnginesOwnTestPasses() {
        assumeThere();
        assertEquals(Set.of(), CudaChecks.selfTest(device));
    }

    @Test
    void randomWorksAgreeWithTheCpu() {
        assumeThere();
        assertEquals(List.of(), CudaChecks.fuzz(device, Integer.getInteger("backstep.cuda.works", 1000)));
    }

    @Test
    void opsAgreeWithTheCpu() {
        assumeThere();
        assertEquals(List.of(), CudaChecks.ops(device));
    }

    @Test
    void withoutADeviceTheReasonIsASentence() {
        assumeTrue(device == null, "there is a device here");
        assertTrue(reason.matches("[A-Z].*\\.") && reason.length() < 200, reason);
    }
}
