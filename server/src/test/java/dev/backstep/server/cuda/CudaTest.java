package dev.backstep.server.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.DType;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is known of a machine's device, and when. */
class CudaTest {
    @Test
    void itIsThereOnceItWasTestedAndMeasured() throws InterruptedException {
        var opening = new Opening();
        var cuda = opening.cuda();
        assertTrue(cuda.device().isEmpty());
        assertEquals("It is being opened and tested.", cuda.reason());
        assertNull(cuda.facts());
        assertNull(cuda.speed());
        opening.letGo();
        cuda.await();
        assertEquals("cuda", cuda.device().orElseThrow().name());
        assertTrue(cuda.reason().startsWith("The CPU does what failed its test: "), "no kernel of it was run");
        assertEquals("fake", cuda.facts().model());
        assertNotNull(cuda.speed());
    }

    @Test
    void whereNoneIsFoundThatIsKnownToo() throws InterruptedException {
        var none = Cuda.open(() -> {
            throw new Missing("There is no driver.");
        }, null, false);
        none.await();
        assertTrue(none.device().isEmpty());
        assertEquals("There is no driver.", none.reason());
    }

    /** A run may have the device for as long as the compiler takes. */
    @Test
    void itsMemoryIsToldWhileSomebodyHasIt() throws InterruptedException {
        var device = new CudaDevice(new FakeDriver(), null, false);
        device.allocate(DType.FLOAT32, 1_000);
        var has = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        var holder = Thread.ofPlatform().start(() -> device.ask(() -> {
            has.countDown();
            try {
                return done.await(60, java.util.concurrent.TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                return false;
            }
        }));
        has.await();
        assertEquals(Pool.size(4_000), assertTimeoutPreemptively(Duration.ofSeconds(30), () -> device.memory().held()));
        done.countDown();
        holder.join();
    }
}
