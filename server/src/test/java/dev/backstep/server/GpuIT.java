package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The graphics processor answers as the CPU does, and says what is wrong where it cannot; on SwiftShader. */
class GpuIT {
    private static SuiteBrowser browser;
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        browser = new SuiteBrowser(Playground.GPU);
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    @BeforeEach
    void open() {
        context = browser.visit();
        page = context.newPage();
        browser.load(page, "wasm.html");
        page.evaluate("""
                () => {
                  const soon = () => new Promise(done => setTimeout(done, 1));
                  globalThis.opened = async (calibration = "64 16 false ALONE ALONE 1") => {
                    suite.gpuOpen(calibration);
                    while (suite.gpuState() === "opening") { await soon(); }
                    return suite.gpuState();
                  };
                  globalThis.checked = async i => {
                    const wrong = suite.gpuStart(i);
                    if (wrong) { return wrong; }
                    while (!suite.gpuReady()) { await soon(); }
                    return suite.gpuVerdict();
                  };
                }""");
    }

    @AfterEach
    void close() {
        context.close();
    }

    /** Each kernel and function with odd shapes, no elements, NaN, infinities and denormals; 1,000 random shapes. */
    @TestFactory
    Stream<DynamicTest> computesAsTheCpuDoes() {
        assertEquals("open", page.evaluate("() => opened()"));
        var verdicts = verdicts("");
        assertTrue(verdicts.size() > 200);
        return tests(verdicts);
    }

    /** The kernels that a real processor is given: many invocations, which share memory. */
    @TestFactory
    Stream<DynamicTest> computesAsTheCpuDoesInWorkgroups() {
        assertEquals("open", page.evaluate("() => opened('4096 8 true TREE TREE 64')"));
        return tests(verdicts("SUM|PROD|MATMUL|SOFTMAX|TWIST|shapes .*[05]"));
    }

    /** Likewise with the instructions of subgroups, of whatever size they are here. */
    @TestFactory
    Stream<DynamicTest> computesAsTheCpuDoesInSubgroups() {
        assertEquals("open", page.evaluate("() => opened('4096 8 true SUBGROUPS SUBGROUPS 64')"));
        assumeTrue(page.evaluate("() => suite.gpuCalibration()").toString().contains("SUBGROUPS SUBGROUPS"),
                "this adapter has no subgroups");
        return tests(verdicts("SUM|PROD|MATMUL|SOFTMAX|shapes .*[27]"));
    }

    /** What was kept of a browser with subgroups is of no use to one without. */
    @Test
    void doesWithoutSubgroups() {
        page.evaluate("() => { GPUSupportedFeatures.prototype.has = () => false; }");
        assertEquals("open", page.evaluate("() => opened('4096 8 true SUBGROUPS SUBGROUPS 64')"));
        var found = page.evaluate("() => suite.gpuCalibration()").toString();
        assertTrue(!found.contains("SUBGROUPS"), found);
        assertEquals("", page.evaluate("() => checked(0)"));
    }

    @SuppressWarnings("unchecked")
    private List<List<String>> verdicts(String which) {
        return (List<List<String>>) page.evaluate("""
                async which => {
                  const verdicts = [];
                  for (let i = 0; i < suite.gpuCount(); i++) {
                    if (suite.gpuName(i).match(which)) {
                      verdicts.push([suite.gpuName(i), await checked(i)]);
                    }
                  }
                  return verdicts;
                }""", which);
    }

    private static Stream<DynamicTest> tests(List<List<String>> verdicts) {
        return verdicts.stream().map(v -> DynamicTest.dynamicTest(v.get(0), () -> assertEquals("", v.get(1))));
    }

    @Test
    void findsOutWhatSuitsTheDevice() {
        assertEquals("open", page.evaluate("() => opened('')"));
        var found = page.evaluate("() => suite.gpuCalibration()").toString();
        assertTrue(found.matches("\\d+ (8|16) (true|false) (ALONE|TREE|SUBGROUPS) (ALONE|TREE|SUBGROUPS) (0|1|64)"),
                found);
        assertEquals("", page.evaluate("() => checked(0)"));
    }

    @Test
    void saysThatThereIsNoWebGpu() {
        page.evaluate("() => Object.defineProperty(navigator, 'gpu', { value: undefined })");
        assertEquals("NO_WEBGPU ", page.evaluate("() => opened()"));
    }

    @Test
    void saysThatThereIsNoAdapter() {
        page.evaluate("() => Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => null } })");
        assertEquals("NO_ADAPTER ", page.evaluate("() => opened()"));
    }

    @Test
    void saysThatLimitsAreTooSmall() {
        page.evaluate("""
                () => Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => ({
                  limits: { maxStorageBuffersPerShaderStage: 2, maxComputeInvocationsPerWorkgroup: 256 } }) } })""");
        assertTrue(page.evaluate("() => opened()").toString().startsWith("LIMITS "));
    }

    @Test
    void saysThatTheDeviceIsLost() {
        assertEquals("open", page.evaluate("() => opened()"));
        assertEquals("", page.evaluate("() => checked(0)"));
        assertTrue(page.evaluate("""
                () => {
                  const begun = suite.gpuStart(1);
                  suite.gpuDestroy();
                  return begun || checked(1);
                }""").toString().startsWith("LOST "));
        assertTrue(page.evaluate("() => checked(0)").toString().startsWith("LOST "));
    }

    @Test
    void saysThatAShaderWasRefused() {
        assertEquals("open", page.evaluate("() => opened()"));
        page.evaluate("""
                () => {
                  const make = GPUDevice.prototype.createShaderModule;
                  GPUDevice.prototype.createShaderModule = function(descriptor) {
                    return make.call(this, { code: descriptor.code + "nonsense" });
                  };
                }""");
        page.evaluate("() => checked(0)");
        assertTrue(page.evaluate("() => checked(0)").toString().startsWith("KERNEL "));
        assertTrue(page.evaluate("() => checked(0)").toString().startsWith("KERNEL "), "and goes on refusing it");
    }

    @Test
    void saysThatThereIsNoMemory() {
        page.evaluate("""
                () => {
                  const ask = GPUAdapter.prototype.requestDevice;
                  GPUAdapter.prototype.requestDevice = async function(descriptor) {
                    return globalThis.device = await ask.call(this, descriptor);
                  };
                }""");
        assertEquals("open", page.evaluate("() => opened()"));
        assertTrue(page.evaluate("() => suite.gpuAllocate(2147483647)").toString().startsWith("OUT_OF_MEMORY "));
        assertEquals("", page.evaluate("() => checked(0)"), "goes on with smaller ones");
        assertEquals("OUT_OF_MEMORY none left", page.evaluate("""
                () => {
                  device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror",
                      { error: new GPUOutOfMemoryError("none left") }));
                  return checked(0);
                }"""));
    }
}
