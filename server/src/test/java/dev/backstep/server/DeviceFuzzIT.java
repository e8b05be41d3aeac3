package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.microsoft.playwright.Page;
import dev.backstep.engine.oracle.FuzzProgram;
import dev.backstep.engine.oracle.FuzzProgram.Kind;
import dev.backstep.engine.suite.fuzz.FuzzRecording;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random programs in LibTorch on this JVM, and line by line the same in Chromium, everything that a device takes
 * computed there. LibTorch answers here and now, so there is no record of it that could be out of date.
 * {@code -Dbackstep.fuzz.programs=N -Dbackstep.fuzz.seed=S} runs N others of each kind, or that of a seed in a report
 * where N is 1.
 */
class DeviceFuzzIT {
    private static final int PROGRAMS = Integer.getInteger("backstep.fuzz.programs", 0);
    private static final long SEED = Long.getLong("backstep.fuzz.seed", 3);
    private static final int SHOWN = 3;

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
    @CsvSource({"cpu, wasm.html, SMALL, 300", "cpu, js.html, SMALL, 100", "cpu, wasm.html, LARGE, 50",
        "simd, wasm.html, SINGLE, 300", "simd, wasm.html, LARGE, 100", "simd, js.html, SINGLE, 50",
        "webgpu, wasm.html, SINGLE, 300", "webgpu, wasm.html, LARGE, 50"})
    void programsGoAsInPyTorch(String device, String address, Kind kind, int usual) {
        int count = PROGRAMS == 0 ? usual : PROGRAMS;
        Random seeds = new Random(SEED);
        List<String> failures = new ArrayList<>();
        int failed = 0;
        try (var context = browser.visit()) {
            Page page = context.newPage();
            browser.load(page, address);
            browser.use(page, device);
            for (int i = 0; i < count; i++) {
                long seed = count == 1 ? SEED : seeds.nextLong();
                FuzzProgram program = FuzzProgram.of(seed, kind);
                if (replay(page, program.record()) != null) {
                    failed++;
                    if (failures.size() < SHOWN) {
                        failures.add("-Dbackstep.fuzz.programs=1 -Dbackstep.fuzz.seed=" + seed + "\n"
                                + program.shrunk(recording -> replay(page, recording)));
                    }
                }
            }
            if (!device.equals("cpu")) {
                assertEquals("", page.evaluate("() => suite.failures()"));
                int runs = (int) page.evaluate("() => suite.runs()");
                assertTrue(runs >= 5 * count, "computations there: " + runs);
            }
        }
        if (failed > 0) {
            fail(failed + " of " + count + " programs differ\n" + String.join("\n", failures));
        }
    }

    private static String replay(Page page, FuzzRecording recording) {
        String difference = (String) page.evaluate("""
                text => {
                  try {
                    return suite.replay(text);
                  } catch (trap) { // as WebAssembly, a null pointer is no Java exception
                    return "trapped " + trap;
                  }
                }""", recording.text());
        return difference.isEmpty() ? null : difference;
    }
}
