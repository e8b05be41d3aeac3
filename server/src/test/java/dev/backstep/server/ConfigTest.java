package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which values of the environment are understood. */
class ConfigTest {
    @Test
    void whatComputesIsOneOfThree() {
        assertEquals(new Config.Compute("auto", false), Config.from(Map.of()).compute());
        assertEquals(new Config.Compute("cuda", true), Config.from(Map.of("BACKSTEP_DEVICE", "cuda",
                "BACKSTEP_CUDA_PRODUCTS", "tf32")).compute());
        var refusal = assertThrows(Refusal.class, () -> Config.from(Map.of("BACKSTEP_DEVICE", "gpu")));
        assertEquals("BACKSTEP_DEVICE is \"gpu\"; it has to be auto or cpu or cuda.", refusal.getMessage());
    }
}
