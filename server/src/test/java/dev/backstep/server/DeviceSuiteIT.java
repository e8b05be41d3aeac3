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
            browser.use(page, device);
            for (int i = 0; i < cases.size(); i++) {
                if (cases.get(i).name().endsWith(" float32")) {
                    String difference = SuiteAnswers.difference(cases.get(i), (String) page.evaluate("i => suite.run(i)", i));
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
}
