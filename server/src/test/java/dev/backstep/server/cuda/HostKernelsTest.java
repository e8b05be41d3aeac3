package dev.backstep.server.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The kernels' numbers without a GPU: their text runs as C++ on the host, threads, blocks and shuffles included, with
 * everything around it as it is on a device: memory, staging, graphs.
 */
class HostKernelsTest {
    /** Kernels that were compiled before, so that a second run of the tests takes a third of the time. */
    private static final Path KEPT = Path.of("target", "host-kernels");

    private HostDriver driver;
    private CudaDevice device;

    @BeforeEach
    void open() {
        assumeTrue(HostDriver.isHere(), "there is no g++ here");
        driver = new HostDriver();
        device = new CudaDevice(driver, KEPT, false);
    }

    @AfterEach
    void nothingWasWrittenBehindMemory() {
        if (driver != null) {
            driver.check();
        }
    }

    @Test
    void theEnginesOwnTestPasses() {
        assertEquals(Set.of(), CudaChecks.selfTest(device));
    }

    @Test
    void randomWorksAgreeWithTheCpu() {
        assertEquals(List.of(), CudaChecks.fuzz(device, Integer.getInteger("backstep.cuda.works", 140)));
        assertTrue(driver.count("cuGraphLaunch") > 100, "works that went as graphs");
    }

    @Test
    void opsAgreeWithTheCpu() {
        assertEquals(List.of(), CudaChecks.ops(device));
        assertTrue(driver.count("cuLaunchKernel") > 1000, "launches: " + driver.count("cuLaunchKernel"));
    }
}
