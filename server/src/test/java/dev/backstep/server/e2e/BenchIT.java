package dev.backstep.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The measurements run, and what they measure is right. How fast it is depends on the machine, and is not tested. */
@ExtendWith(Playground.class)
class BenchIT {
    @ParameterizedTest
    @CsvSource({"scalar, 3000", "matmul, 64", "tanh, 5000"})
    @SuppressWarnings("unchecked")
    void measures(String name, int n, Page page) {
        for (String address : new String[] {"/bench.html", "/bench.html?engine=js"}) {
            page.navigate(address);
            page.locator("html[data-engine]").waitFor();
            var result = (Map<String, Object>) page.evaluate(
                    "([name, n]) => bench.run(name, { n, times: 3 })", new Object[] {name, n});
            assertEquals(true, result.get("ok"), name + " on " + address);
            assertEquals("ms", result.get("unit"));
            double median = ((Number) result.get("median")).doubleValue();
            assertTrue(median >= ((Number) result.get("min")).doubleValue());
            assertTrue(median <= ((Number) result.get("max")).doubleValue());
        }
    }

    /** The same network trains in the playground and in plain objects. */
    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "false, true"})
    @SuppressWarnings("unchecked")
    void measuresTraining(boolean charts, boolean peer, Page page) {
        page.navigate("/bench.html");
        page.locator("html[data-engine]").waitFor();
        var result = (Map<String, Object>) page.evaluate(
                "([charts, peer]) => bench.run('train', { n: 1000, times: 1, charts, peer })",
                new Object[] {charts, peer});
        assertEquals(true, result.get("ok"));
        assertEquals("steps/s", result.get("unit"));
        assertEquals(!peer, result.containsKey("slowLatency"));
    }
}
