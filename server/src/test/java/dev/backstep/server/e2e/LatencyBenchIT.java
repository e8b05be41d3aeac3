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
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How long input waits while the playground computes is measured rightly; how long that is depends on the machine and
 * is printed, not tested: {@code -Dbackstep.latency=1000000} prints a table as in docs/performance.md, with so many
 * elements in what the page itself computes, and products of matrices of 1024 x 1024, and with what the browser says of
 * real clicks, keys and drags meanwhile. {@code -Dbackstep.latency.by=page,page-matmul} prints some of its rows.
 */
@ExtendWith(Playground.class)
class LatencyBenchIT {
    private static final int MATRIX = 1024;

    /** Hears of every input that took 16 ms and more until the next frame, in the playground's own frame too. */
    private static final String WATCH = """
            top.slow ??= [];
            new PerformanceObserver(list => list.getEntries().forEach(entry => top.slow.push(entry.duration)))
                .observe({ type: "event", durationThreshold: 16 });""";

    @ParameterizedTest
    @CsvSource({"page, 2000", "page-matmul, 40", "cpu, 0", "simd, 0"})
    void measures(String by, int n, Page page) {
        start(page, by, n, 10);
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
        for (String by : System.getProperty("backstep.latency.by", "cpu,simd,webgpu,page,page-matmul").split(",")) {
            Page page = by.equals("webgpu") ? visitors.openWithGpu()
                    : visitors.open(options -> options.setViewportSize(1460, 1000));
            page.addInitScript(WATCH);
            start(page, by, by.equals("page-matmul") ? MATRIX : Integer.getInteger("backstep.latency"), 200);
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
