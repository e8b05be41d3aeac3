package dev.backstep.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import dev.backstep.server.Playground;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Devices are measured beside TensorFlow.js and jax-js, and all compute the same; how fast they are depends on the
 * machine and is printed, not tested: {@code -Dbackstep.devices=all} (or {@code webgpu}, {@code wasm}, {@code scalar})
 * prints the table of docs/performance.md.
 */
@ExtendWith(Playground.class)
class DeviceBenchIT {
    /** What computes, by kind of device: ours first, then the others. */
    private static final Map<String, List<String>> RIVALS = Map.of(
            "webgpu", List.of("webgpu", "tfjs-webgpu", "jax-webgpu"),
            "wasm", List.of("simd", "tfjs-wasm", "jax-wasm"),
            "scalar", List.of("cpu", "tfjs-cpu", "tfjs-wasm"));

    /** A row: the task, its size, after how many steps the loss is read, and how often it is run. */
    private record Row(String title, String task, int n, int every, int times) {
    }

    private static final List<Row> ROWS = List.of(
            new Row("matmul 256", "matmul", 256, 0, 20),
            new Row("matmul 512", "matmul", 512, 0, 10),
            new Row("matmul 1024", "matmul", 1024, 0, 5),
            new Row("tanh 1M", "tanh", 1 << 20, 0, 10),
            new Row("tanh 4M", "tanh", 1 << 22, 0, 5),
            new Row("step 784-256-256-10, read at each", "step784", 0, 1, 5),
            new Row("step 784-256-256-10, read at each 10th", "step784", 0, 10, 5),
            new Row("step 2-8-8-1, read at each", "step2", 0, 1, 10),
            new Row("step 2-8-8-1, read at each 10th", "step2", 0, 10, 10),
            new Row("step of two convolutions, read at each", "stepConv", 0, 1, 5));
    private static final Row SCALAR = new Row("scalar 10,000", "scalar", 10_000, 0, 20);

    @Test
    void otherLibrariesComputeTheSame(Page page) {
        open(page);
        for (String by : List.of("tfjs-wasm", "jax-wasm", "tfjs-cpu")) {
            for (Row row : List.of(new Row("", "matmul", 64, 0, 2), new Row("", "tanh", 5000, 0, 2),
                    new Row("", "step2", 0, 1, 1), new Row("", "scalar", 50, 0, 1))) {
                Map<String, Object> result = run(page, row, by);
                assertEquals(true, result.get("ok"), row.task + " by " + by);
                assertTrue(number(result, "median") > 0);
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "backstep.devices", matches = "all|webgpu|wasm|scalar")
    void table(Playground.Visitors visitors) {
        String asked = System.getProperty("backstep.devices");
        for (String kind : List.of("webgpu", "wasm", "scalar")) {
            if (asked.equals("all") || asked.equals(kind)) {
                table(visitors, kind, RIVALS.get(kind));
            }
        }
    }

    private static void table(Playground.Visitors visitors, String kind, List<String> rivals) {
        System.out.println("\n| " + kind + ", ms (median) | " + String.join(" | ", rivals)
                + " | best of the others / ours |");
        System.out.println("|---|" + "---|".repeat(rivals.size() + 1));
        double logs = 0;
        int rows = 0;
        for (Row row : kind.equals("scalar") ? List.of(SCALAR) : ROWS) {
            Map<String, Double> medians = new LinkedHashMap<>();
            List<String> cells = new ArrayList<>();
            for (String by : rivals) {
                // A page each, so that nobody works in another one's memory.
                Page page = visitors.openWithGpu();
                open(page);
                try {
                    Map<String, Object> result = run(page, row, by);
                    boolean ok = result.get("ok").equals(true);
                    cells.add(String.format(Locale.ROOT, "%.3g%s", number(result, "median"), ok ? "" : " (WRONG)"));
                    medians.put(by, ok ? number(result, "median") : Double.POSITIVE_INFINITY);
                } catch (PlaywrightException failed) {
                    cells.add("failed: " + failed.getMessage().lines().findFirst().orElse(""));
                }
                page.close();
            }
            Double ours = medians.remove(rivals.getFirst());
            double best = medians.values().stream().mapToDouble(x -> x).min().orElse(Double.NaN);
            if (ours != null) {
                logs += Math.log(best / ours);
                rows++;
            }
            System.out.printf(Locale.ROOT, "| %s | %s | %s |%n", row.title, String.join(" | ", cells),
                    ours == null ? "" : String.format(Locale.ROOT, "%.2f", best / ours));
        }
        System.out.printf(Locale.ROOT, "| geometric mean | %s%.2f |%n", "| ".repeat(rivals.size()),
                Math.exp(logs / Math.max(1, rows)));
    }

    private static void open(Page page) {
        page.navigate("/bench.html");
        page.locator("html[data-engine]").waitFor();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> run(Page page, Row row, String by) {
        return (Map<String, Object>) page.evaluate(
                "([task, n, by, every, times]) => bench.run(task, { n, by, every, times })",
                new Object[] {row.task, row.n, by, row.every, row.times});
    }

    private static double number(Map<String, Object> result, String name) {
        return ((Number) result.get(name)).doubleValue();
    }
}
