package dev.backstep.web.simd;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A device whose kernels run in a Node process, for all tests of a class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SimdFixture {
    private NodeMachine machine;
    SimdDevice device;

    @BeforeAll
    void start() throws IOException {
        machine = new NodeMachine(false);
        device = new SimdDevice(machine);
    }

    @AfterAll
    void stop() {
        machine.close();
    }
}
