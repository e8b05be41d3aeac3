package dev.backstep.server.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The kernels' numbers without a GPU: their text runs as C++ on the host, threads, blocks and shuffles included, with
 * everything around it as it is on a device: memory, staging, graphs.
 */
class HostKernelsTest {
    private static final int WORKS = Integer.getInteger("backstep.cuda.works", 140);

    private HostDriver driver;
    private CudaDevice device;

    @BeforeAll
    static void compile() {
        assumeTrue(HostDriver.isHere(), "there is no g++ here");
        HostDriver.compile(CudaChecks.texts(new FakeDriver(), WORKS));
    }

    @BeforeEach
    void open() {
        driver = new HostDriver();
        device = new CudaDevice(driver, null, false);
    }

    @AfterEach
    void nothingWasWrittenBehindMemory() {
        driver.check();
    }

    @Test
    void theEnginesOwnTestPasses() {
        assertEquals(Set.of(), CudaChecks.selfTest(device));
    }

    @Test
    void randomWorksAgreeWithTheCpu() {
        assertEquals(List.of(), CudaChecks.fuzz(device, WORKS));
        assertTrue(driver.count("cuGraphLaunch") > 100, "works that went as graphs");
    }

    @Test
    void opsAgreeWithTheCpu() {
        assertEquals(List.of(), CudaChecks.ops(device));
        assertTrue(driver.count("cuLaunchKernel") > 1000, "launches: " + driver.count("cuLaunchKernel"));
    }
}
