package dev.backstep.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long input waits while the playground computes is measured rightly; how long that is depends on the machine and
 * is printed, not tested: {@code -Dbackstep.latency=1000000} prints a table as in docs/performance.md, with so many
 * elements in what the page itself computes, and with what the browser says of real clicks, keys and drags meanwhile.
 */
@ExtendWith(Playground.class)
class LatencyBenchIT {
    /** Hears of every input that took 16 ms and more until the next frame, in the playground's own frame too. */
    private static final String WATCH = """
            top.slow ??= [];
            new PerformanceObserver(list => list.getEntries().forEach(entry => top.slow.push(entry.duration)))
                .observe({ type: "event", durationThreshold: 16 });""";

    @ParameterizedTest
    @ValueSource(strings = {"page", "cpu", "simd"})
    void measures(String by, Page page) {
        start(page, by, 2000, 10);
        Map<?, ?> result = result(page);
        assertEquals(true, result.get("ok"));
        assertEquals("ms", result.get("unit"));
        assertTrue(number(result, "min") <= number(result, "median"));
        assertTrue(number(result, "median") <= number(result, "slowLatency"));
        assertTrue(number(result, "slowLatency") <= number(result, "max"));
    }

    @Test
    @EnabledIfSystemProperty(named = "backstep.latency", matches = "\\d+")
    void table(Playground.Visitors visitors) {
        System.out.println("| computes | wait until the frame, ms (median) | slowest twentieth | slowest "
                + "| real inputs over 50 ms | slowest of them |");
        System.out.println("|---|---|---|---|---|---|");
        for (String by : List.of("cpu", "simd", "webgpu", "page")) {
            Page page = by.equals("webgpu") ? visitors.openWithGpu()
                    : visitors.open(options -> options.setViewportSize(1460, 1000));
            page.addInitScript(WATCH);
            start(page, by, Integer.getInteger("backstep.latency"), 200);
            int inputs = 0;
            while (page.evaluate("() => globalThis.latency === null").equals(true)) {
                int x = 500 + 30 * (inputs % 10);
                page.mouse().move(x, 300);
                page.mouse().down();
                page.mouse().move(x + 40, 330, new Mouse.MoveOptions().setSteps(3));
                page.mouse().up();
                page.keyboard().press(inputs % 2 == 0 ? "ArrowRight" : "ArrowLeft");
                inputs += 5;
            }
            Map<?, ?> result = result(page);
            List<?> slow = (List<?>) page.evaluate("() => top.slow");
            double most = slow.stream().mapToDouble(ms -> ((Number) ms).doubleValue()).max().orElse(0);
            System.out.printf(Locale.ROOT, "| %s%s | %.0f | %.0f | %.0f | %d of %d | %.0f |%n", by,
                    result.get("ok").equals(true) ? "" : " (WRONG)", number(result, "median"),
                    number(result, "slowLatency"), number(result, "max"),
                    slow.stream().filter(ms -> ((Number) ms).doubleValue() > 50).count(), inputs, most);
            page.close();
        }
    }

    private static void start(Page page, String by, int n, int times) {
        page.navigate("/bench.html");
        page.locator("html[data-engine]").waitFor();
        page.evaluate("""
                ([by, n, times]) => {
                  globalThis.latency = null;
                  bench.run("latency", { by, n, times }).then(
                      result => { latency = result; }, problem => { latency = { problem: String(problem) }; });
                }""", new Object[] {by, n, times});
    }

    private static Map<?, ?> result(Page page) {
        page.waitForFunction("() => latency !== null", null, new Page.WaitForFunctionOptions().setTimeout(120_000));
        return (Map<?, ?>) page.evaluate("() => latency");
    }

    private static double number(Map<?, ?> result, String name) {
        return ((Number) result.get(name)).doubleValue();
    }
}
