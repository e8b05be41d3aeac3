package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.MouseButton;
import dev.backstep.server.Playground;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Devices as the reader sees them: which there are, where a box ran, another choice, comparison, loss. */
@ExtendWith(Playground.class)
class DevicesIT {
    private static final String LARGE = """
            {format: 1, nodes: [
              {id: "x", type: "randn", label: "x", attrs: {size: [200, 200], seed: 1, requires_grad: true}},
              {id: "y", type: "matmul", label: "y", at: [260, 80]},
              {id: "d", type: "to", label: "d", attrs: {dtype: "float64"}, at: [520, 80]},
              {id: "e", type: "exp", label: "e", at: [780, 80]},
              {id: "s", type: "sum", label: "s", at: [520, 200]}],
             wires: [{from: ["x", 0], to: ["y", 0]}, {from: ["x", 0], to: ["y", 1]}, {from: ["y", 0], to: ["d", 0]},
              {from: ["d", 0], to: ["e", 0]}, {from: ["y", 0], to: ["s", 0]}], target: ["s", 0]}""";

    private static void ready(Page page, String device) {
        page.evaluate("""
                async name => {
                  while (!(await backstep.devices()).find(device => device.name === name).ready) {
                    await new Promise(done => setTimeout(done, 50));
                  }
                }""", device);
    }

    /** Opens the dialog of devices, by keys. */
    private static Locator dialog(Page page, String device) {
        page.locator("#more").press("Enter");
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Devices")).press("Enter");
        return page.locator("[data-device=" + device + "]");
    }

    /** Has a program in the place of a graphics processor used all the same. */
    private static void askForGpu(Page page) {
        Locator gpu = dialog(page, "webgpu");
        assertThat(gpu).hasAttribute("data-state", "OFF");
        gpu.getByRole(AriaRole.CHECKBOX).press("Space");
        ready(page, "webgpu");
        page.keyboard().press("Escape");
    }

    private static double sum(Page page) {
        return ((Number) page.evaluate("""
                async () => {
                  await backstep.forward();
                  await backstep.backward();
                  await backstep.seek(backstep.state().steps);
                  return backstep.state().tensors.s.value;
                }""")).doubleValue();
    }

    @Test
    void saysWhichDevicesThereAreAndWhyNot(Page page) throws IOException {
        new Hands(page).open("/");
        ready(page, "simd");
        @SuppressWarnings("unchecked")
        var devices = (List<Map<String, Object>>) page.evaluate("() => backstep.devices()");
        assertEquals(List.of("cpu", "simd", "webgpu"), devices.stream().map(d -> d.get("name")).toList());
        assertEquals(true, devices.get(1).get("ready"));
        assertEquals(false, devices.get(2).get("ready"));
        assertTrue(devices.get(2).get("reason").toString().length() > 10);
        Locator simd = dialog(page, "simd");
        assertThat(simd).containsText("ready");
        assertThat(simd).containsText("tanh");
        Looks.show(page, "devices");
        // By the keyboard: off, and on again.
        simd.getByRole(AriaRole.CHECKBOX).press("Space");
        assertThat(simd).hasAttribute("data-state", "OFF");
        assertEquals("switched off", page.evaluate("async () => (await backstep.devices())[1].reason"));
        simd.getByRole(AriaRole.CHECKBOX).press("Space");
        assertThat(simd).hasAttribute("data-state", "READY");
        simd.getByRole(AriaRole.BUTTON).click();
        assertThat(simd).hasAttribute("data-state", Pattern.compile("TESTING|MEASURING|READY"));
        ready(page, "simd");
    }

    @Test
    void aBoxRunsWhereItIsToldAndCanBeUndone(Page page) throws IOException {
        Hands hands = new Hands(page).open("/");
        ready(page, "simd");
        page.evaluate("() => backstep.load(" + LARGE + ")");
        page.evaluate("() => backstep.forward()");
        hands.node("y").locator(".node-head").click();
        Locator part = page.locator("[data-section=device]");
        part.locator("summary").click();
        part.locator("select").selectOption("cpu");
        page.evaluate("() => backstep.forward()");
        assertThat(part).containsText("Ran on: CPU, as chosen.");
        Locator mark = hands.node("y").locator(".badge.device");
        assertThat(mark).hasText("CPU");
        part.locator("select").selectOption("simd");
        page.evaluate("() => backstep.forward()");
        assertThat(part).containsText("Ran on: CPU with SIMD, as chosen.");
        assertThat(mark).hasText("SIMD");
        assertThat(mark).hasAttribute("title", "Ran on: CPU with SIMD, as chosen.");
        assertThat(hands.node("e").locator(".badge.device")).hasAttribute("title",
                "Ran on the CPU: float64 is computed nowhere else.");
        part.locator("[data-field=devices-compare]").click();
        assertThat(part.locator("table")).containsText("ulp");
        Looks.show(page, "devices-node");
        page.locator("#undo").click();
        assertThat(part.locator("select")).hasValue("cpu");
        hands.node("e").locator(".node-head").click();
        page.evaluate("() => backstep.forward()");
        assertThat(part).containsText("float64 is computed nowhere else");
        // What is said is of this run, and not of one before with boxes of the same names.
        page.evaluate("() => backstep.load(" + LARGE.replace("200", "4") + ")");
        page.evaluate("() => backstep.forward()");
        hands.node("y").locator(".node-head").click();
        assertThat(part).containsText("too small to be worth another device");
        assertThat(page.locator(".badge.device")).hasCount(0);
    }

    @Test
    void aBoxSaysThatItDidNotRunWhereItWasTo(Page page) throws IOException {
        Hands hands = new Hands(page).open("/");
        page.evaluate("() => backstep.load(" + LARGE.replace("type: \"matmul\", label: \"y\"",
                "type: \"matmul\", label: \"y\", attrs: {device: \"webgpu\"}") + ")");
        page.evaluate("() => backstep.forward()");
        Locator mark = hands.node("y").locator(".badge.device.warns");
        assertThat(mark).hasAttribute("title", Pattern.compile("GPU \\(WebGPU\\), as chosen, is not ready"));
        assertThat(hands.node("y")).hasAttribute("aria-label", Pattern.compile("as chosen, is not ready"));
        // From the node to the choice, by its menu.
        hands.node("y").locator(".node-head").click(new Locator.ClickOptions().setButton(MouseButton.RIGHT));
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Device…")).click();
        assertThat(page.locator("[data-section=device] summary")).isFocused();
        assertThat(page.locator("[data-section=device] select")).hasValue("webgpu");
        Looks.show(page, "devices-mark");
    }

    @Test
    void marksAreHiddenAndShownAndThatIsKept(Page page) throws IOException {
        Hands hands = new Hands(page).open("/");
        String told = LARGE.replace("type: \"matmul\", label: \"y\"",
                "type: \"matmul\", label: \"y\", attrs: {device: \"webgpu\"}");
        page.evaluate("() => backstep.load(" + told + ")");
        page.evaluate("() => backstep.forward()");
        Locator mark = hands.node("y").locator(".badge.device");
        assertThat(mark).isVisible();
        hands.node("y").locator(".node-head").click();
        page.keyboard().press("m");
        assertThat(page.locator(".badge.device")).hasCount(0);
        assertThat(hands.node("y")).not().hasAttribute("aria-label", Pattern.compile("as chosen, is not ready"));
        page.reload();
        page.locator("html[data-engine]").waitFor();
        page.evaluate("() => backstep.load(" + told + ")");
        page.evaluate("() => backstep.forward()");
        assertThat(hands.node("y").locator(".node-row-text.value")).not().isEmpty();
        assertThat(page.locator(".badge.device")).hasCount(0);
        page.mouse().click(500, 560, new Mouse.ClickOptions().setButton(MouseButton.RIGHT));
        Locator choice = page.getByRole(AriaRole.MENUITEMCHECKBOX,
                new Page.GetByRoleOptions().setName("Show which device nodes ran on"));
        assertThat(choice).hasAttribute("aria-checked", "false");
        Looks.show(page, "devices-marks-menu");
        choice.click();
        assertThat(mark).isVisible();
        page.keyboard().press("?");
        assertThat(page.locator("dialog[open] .badge.device.warns")).hasText("! CPU");
        Looks.show(page, "devices-legend");
    }

    /** A graphics processor is left alone until a document is worth it, a program in its place until asked for. */
    @Test
    void opensNothingThatNothingNeeds(Playground.Visitors visitors) {
        Page page = visitors.openWithGpu();
        page.addInitScript("""
                globalThis.asked = 0;
                const request = GPU.prototype.requestAdapter;
                GPU.prototype.requestAdapter = function (...args) {
                  asked++;
                  return request.apply(this, args);
                };""");
        new Hands(page).open("/");
        page.evaluate("() => backstep.load(" + LARGE.replace("200", "4") + ")");
        page.evaluate("() => backstep.forward()");
        page.evaluate("() => new Promise(done => requestIdleCallback(() => setTimeout(done, 200)))");
        assertEquals(0, page.evaluate("() => asked"));
        page.evaluate("() => backstep.load(" + LARGE + ")");
        page.waitForFunction("() => asked === 1");
        page.waitForFunction("""
                async () => (await backstep.devices())[2].reason?.includes("in the place of a graphics processor")""");
        askForGpu(page);
        // What was chosen and found out is kept for the next visit.
        new Hands(page).open("/");
        assertEquals(true, page.evaluate("""
                () => Object.keys(localStorage).some(key => key.match(/device\\.webgpu\\.speed.*swiftshader/i))"""));
        ready(page, "webgpu");
    }

    @Test
    void aGpuThatIsLostLosesNothing(Playground.Visitors visitors) {
        Page page = visitors.openWithGpu();
        page.addInitScript("""
                const request = GPUAdapter.prototype.requestDevice;
                GPUAdapter.prototype.requestDevice = async function (...args) {
                  return globalThis.gpuDevice = await request.apply(this, args);
                };""");
        new Hands(page).open("/");
        askForGpu(page);
        page.evaluate("() => backstep.load(" + LARGE.replace("type: \"matmul\", label: \"y\"",
                "type: \"matmul\", label: \"y\", attrs: {device: \"webgpu\"}") + ")");
        double onGpu = sum(page);
        page.evaluate("() => gpuDevice.destroy()");
        double after = sum(page);
        assertEquals(onGpu, after, 1e-4 * Math.abs(onGpu) + 0.1);
        assertThat(page.locator("#toasts")).containsText("GPU (WebGPU) was lost");
        assertEquals(false, page.evaluate("async () => (await backstep.devices())[2].ready"));
    }
}
