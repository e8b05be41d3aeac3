package dev.backstep.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The first load is small enough, and ends in a gradient. How long that takes is printed, not tested:
 * {@code -Dbackstep.loads=7} loads so often, each time as a new visitor with nothing cached.
 */
@ExtendWith(Playground.class)
class FirstLoadIT {
    private static final int BUDGET = 900 * 1024;

    /** Runs in the page before its own scripts: as soon as the playground is up, one neuron's gradient. */
    private static final String PROBE = """
            addEventListener("DOMContentLoaded", () => {
              const wait = setInterval(async () => {
                if (!globalThis.backstep) return;
                clearInterval(wait);
                await backstep.ready;
                const ready = performance.now();
                await backstep.load({ format: 1, nodes: [
                  { id: "x", type: "tensor", label: "x", attrs: { data: 0.5, requires_grad: true }, at: [0, 0] },
                  { id: "y", type: "tanh", label: "y", at: [240, 0] }],
                  wires: [{ from: ["x", 0], to: ["y", 0] }], target: ["y", 0] });
                await backstep.forward();
                await backstep.backward({});
                await backstep.seek(backstep.state().steps);
                const gradient = backstep.state().tensors.x.grad;
                const bytes = [...performance.getEntriesByType("resource"), ...performance.getEntriesByType("navigation")]
                  .reduce((sum, entry) => sum + entry.encodedBodySize, 0);
                globalThis.firstLoad = { ready, gradientAt: performance.now(), gradient, bytes };
              }, 1);
            });""";

    @ParameterizedTest
    @CsvSource({"/, false", "/?engine=js, false", "/, true"})
    void firstGradient(String address, boolean withGpu, Playground.Visitors visitors) {
        List<Double> up = new ArrayList<>();
        List<Double> gradient = new ArrayList<>();
        double bytes = 0;
        for (int i = 0; i < Integer.getInteger("backstep.loads", 1); i++) {
            Page page = withGpu ? visitors.openWithGpu() : visitors.open();
            page.addInitScript(PROBE);
            page.navigate(address);
            Map<?, ?> seen = (Map<?, ?>) page.waitForFunction("() => globalThis.firstLoad").jsonValue();
            assertEquals(1 - Math.pow(Math.tanh(0.5), 2), number(seen, "gradient"), 1e-6);
            up.add(number(seen, "ready"));
            gradient.add(number(seen, "gradientAt"));
            bytes = number(seen, "bytes");
            page.context().close();
        }
        System.out.println("first load of " + address + (withGpu ? " with WebGPU: " : ": ")
                + Math.round(bytes / 1024) + " KB compressed; up after " + spread(up) + ", first gradient after "
                + spread(gradient));
        assertTrue(bytes > 0 && bytes < BUDGET, bytes + " bytes");
    }

    private static double number(Map<?, ?> seen, String name) {
        return ((Number) seen.get(name)).doubleValue();
    }

    private static String spread(List<Double> values) {
        Collections.sort(values);
        return Math.round(values.get(values.size() / 2)) + " ms (" + Math.round(values.getFirst()) + " to "
                + Math.round(values.getLast()) + ")";
    }
}
