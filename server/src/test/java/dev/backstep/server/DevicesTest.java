package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.device.Device;
import dev.backstep.server.cuda.Opening;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What runs are given to compute on, before and after it is known what there is. */
class DevicesTest {
    private final Opening opening = new Opening();

    private Devices devices(String... environment) {
        return new Devices(Config.from(environment.length == 0 ? Map.of()
                : Map.of(environment[0], environment[1])), opening.cuda());
    }

    private static List<String> names(Devices devices) {
        return devices.now().devices().stream().map(Device::name).toList();
    }

    @Test
    void whereItWasAskedForOneWaitsForIt() throws InterruptedException {
        var devices = devices("BACKSTEP_DEVICE", "cuda");
        var waiting = Thread.ofVirtual().start(() -> {
            try {
                devices.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        assertFalse(waiting.join(java.time.Duration.ofMillis(200)), "it waits");
        assertEquals(List.of("cpu"), names(devices));
        opening.letGo();
        waiting.join();
        assertEquals(List.of("cuda"), names(devices));
        assertEquals("cuda", devices.now().wanted());
    }

    @Test
    void whereTheFastestWillDoNobodyWaits() throws InterruptedException {
        var devices = devices();
        devices.await();
        assertEquals(List.of("cpu"), names(devices));
        opening.letGo();
        opening.cuda().await();
        assertEquals(List.of("cpu", "cuda"), names(devices));
        assertEquals("auto", devices.now().wanted());
    }

    @Test
    void whatIsLeftOutIsNotLookedFor() throws InterruptedException {
        for (var environment : List.of(Map.of("BACKSTEP_DEVICE", "cpu"),
                Map.of("BACKSTEP_DEVICE", "cuda", "BACKSTEP_RUN_THREADS", "0"))) {
            var devices = new Devices(Config.from(environment));
            devices.await();
            assertEquals("auto", devices.now().wanted());
            assertEquals(List.of("cpu"), names(devices));
            assertTrue(devices.now().devices().getFirst().isExact());
        }
    }
}
