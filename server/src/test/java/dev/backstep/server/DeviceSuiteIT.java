package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import dev.backstep.engine.suite.Case;
import dev.backstep.engine.suite.Suite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every op on every sample in float32, with first and second derivatives, everything that a device takes computed
 * there: in Chromium, by SIMD and by WebGPU (SwiftShader), beside the CPU on the JVM.
 */
class DeviceSuiteIT {
    /** An error relative to the largest number of the case: float32 step by step, sums in another order. */
    private static final double TOLERANCE = 1e-5;

    private static SuiteBrowser browser;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = new SuiteBrowser(Playground.GPU);
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    @ParameterizedTest
    @CsvSource({"simd, wasm.html", "simd, js.html", "webgpu, wasm.html"})
    void opsAgreeWithTheCpu(String device, String address) {
        List<Case> cases = Suite.cases();
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        try (var context = browser.visit()) {
            Page page = context.newPage();
            browser.load(page, address);
            page.evaluate("""
                    async device => {
                      if (device === "webgpu") {
                        suite.gpuOpen("");
                        while (suite.gpuState() === "opening") { await new Promise(done => setTimeout(done, 1)); }
                      }
                      suite.use(device);
                    }""", device);
            for (int i = 0; i < cases.size(); i++) {
                if (cases.get(i).name().endsWith(" float32")) {
                    String difference = difference(cases.get(i), (String) page.evaluate("i => suite.run(i)", i));
                    if (difference != null) {
                        wrong.add(cases.get(i).name() + ": " + difference);
                    }
                    compared++;
                }
            }
            assertEquals("", page.evaluate("() => suite.failures()"));
        }
        assertTrue(compared > 200, "cases compared: " + compared);
        assertEquals(List.of(), wrong, wrong.size() + " of " + compared + " cases");
    }

    private static String difference(Case test, String answer) {
        String[] want = test.run().split(" ");
        String[] have = answer.split(" ");
        if (want.length != have.length) {
            return String.join(" ", want) + " | " + answer;
        }
        double largest = 1;
        for (String word : want) {
            double value = isFloat(word) ? number(word) : 0;
            largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        double allowed = TOLERANCE * largest;
        for (int i = 0; i < want.length; i++) {
            if (!want[i].equals(have[i])) {
                if (!isFloat(want[i]) || !isFloat(have[i])) {
                    return want[i] + " is " + have[i];
                }
                double expected = number(want[i]);
                double actual = number(have[i]);
                boolean same = expected == actual || Double.isNaN(expected) && Double.isNaN(actual)
                        || Math.abs(expected - actual) <= allowed;
                if (!same) {
                    return "number " + i + " is " + actual + " instead of " + expected;
                }
            }
        }
        return null;
    }

    private static boolean isFloat(String word) {
        return word.matches("[0-9a-f]{8}");
    }

    private static double number(String bits) {
        return Float.intBitsToFloat(Integer.parseUnsignedInt(bits, 16));
    }
}
