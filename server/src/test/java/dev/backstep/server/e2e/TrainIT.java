package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.backstep.server.Playground;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A document trained in the page, by mouse, by keyboard and by finger. */
@ExtendWith(Playground.class)
class TrainIT {
    static final double LONG = 60_000;

    /** Opens an MLP of two hidden layers of 16, as PyTorch would initialise it from seed 0, with Adam. */
    private static final String LOAD = """
            async ({ source, epochs, batches }) => {
              const widths = [2, 16, 16, 2];
              const nodes = [{ id: "d", type: "data", label: "data", at: [0, 0],
                attrs: { source, samples: 400, noise: 0.05, batch_size: batches } }];
              const wires = [];
              let before = ["d", 0], drawn = 0;
              for (let i = 0; i < 3; i++) {
                const [from, to] = [widths[i], widths[i + 1]], bound = 1 / Math.sqrt(from);
                for (const [id, size] of [["w" + i, [to, from]], ["b" + i, [to]]]) {
                  nodes.push({ id, type: "uniform", label: id, at: [300 * i, id < "c" ? 340 : 200],
                    attrs: { from: -bound, to: bound, size, drawn, requires_grad: true } });
                  drawn += size.reduce((a, b) => a * b);
                }
                nodes.push({ id: "l" + i, type: "linear", label: "linear" + i, at: [300 * i + 200, 0] });
                wires.push({ from: before, to: ["l" + i, 0] }, { from: ["w" + i, 0], to: ["l" + i, 1] },
                  { from: ["b" + i, 0], to: ["l" + i, 2] });
                before = ["l" + i, 0];
                if (i < 2) {
                  nodes.push({ id: "a" + i, type: "tanh", label: "tanh" + i, at: [300 * i + 350, 60] });
                  wires.push({ from: before, to: ["a" + i, 0] });
                  before = ["a" + i, 0];
                }
              }
              nodes.push({ id: "loss", type: "cross_entropy", label: "loss", at: [1000, 0] },
                { id: "opt", type: "Adam", label: "adam", at: [1000, 200], attrs: { lr: 0.02 } },
                { id: "loop", type: "loop", label: "loop", at: [0, -160], attrs: { epochs } });
              wires.push({ from: before, to: ["loss", 0] }, { from: ["d", 1], to: ["loss", 1] });
              await backstep.load({ format: 1, nodes, wires, target: ["loss", 0] });
            }""";

    static void load(Page page, String source, int epochs) {
        page.evaluate(LOAD, Map.of("source", source, "epochs", epochs, "batches", 32));
    }

    static void openArea(Page page) {
        page.locator("#train-toggle").click();
        // Data and what is predicted before all training.
        assertThat(page.locator(".train-canvas").first()).isVisible(patient());
    }

    private static LocatorAssertions.IsVisibleOptions patient() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(LONG);
    }

    static void waitFor(Page page, String state) {
        page.waitForFunction("state => backstep.runs()[0]?.state === state", state,
                new Page.WaitForFunctionOptions().setTimeout(LONG));
    }

    static void waitForBatch(Page page, int batch) {
        page.waitForFunction("batch => backstep.runs()[0]?.batch === batch && backstep.runs()[0].state !== 'running'",
                batch, new Page.WaitForFunctionOptions().setTimeout(LONG));
    }

    static int batch(Page page) {
        return (Integer) page.evaluate("backstep.runs()[0].batch");
    }

    static List<?> losses(Page page) {
        return (List<?>) page.evaluate("backstep.runs()[0].losses");
    }

    static void trainUntil(Page page, int batch) {
        page.locator("#train-run").click();
        page.waitForFunction("batch => backstep.runs()[0]?.batch > batch", batch,
                new Page.WaitForFunctionOptions().setTimeout(LONG));
        page.locator("#train-run").click();
        waitFor(page, "paused");
    }

    @Test
    void learnsASpiralAndGoesBackToTheSameNumbers(Page page) throws IOException {
        new Hands(page).open("/");
        load(page, "spiral", 150);
        openArea(page);
        page.locator("#train-run").click();
        waitFor(page, "done");
        assertThat(page.locator(".train-rate")).hasText("Finished");
        double accuracy = ((Number) page.evaluate("backstep.runs()[0].testAccuracy")).doubleValue();
        assertTrue(accuracy > 0.95, "held-out accuracy " + accuracy);
        assertThat(page.locator(".train-chart canvas")).isVisible();
        assertThat(page.locator(".train-chart")).hasAttribute("aria-label", Pattern.compile("1500 batches; .*"));
        Looks.show(page, "train-charts");
        List<?> all = losses(page);
        for (int i = 1; i <= 3; i++) {
            page.locator("#train-back").click();
            waitForBatch(page, 1500 - i);
        }
        assertEquals(all.subList(0, 1497), losses(page));
        // The canvas shows where the run stands: its next batch, with the lines of the loop.
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step \\d+ of \\d+"));
        for (int i = 2; i >= 0; i--) {
            page.locator("#train-batch").click();
            waitForBatch(page, 1500 - i);
        }
        assertEquals(all, losses(page));
    }

    @Test
    void leavesOutZeroGradAndWarns(Page page) throws IOException {
        Hands hands = new Hands(page).open("/");
        load(page, "xor", 10);
        openArea(page);
        page.locator(".train-views button").nth(1).click();
        Locator zeroGrad = page.locator("[data-line='ZERO_GRAD.switch']");
        assertThat(zeroGrad).isChecked();
        page.locator(".program-line[data-part=ZERO_GRAD] .switch").click();
        assertTrue(hands.document().contains("\"zero_grad\":false"));
        page.locator("#undo").click();
        assertThat(zeroGrad).isChecked();
        page.locator(".program-line[data-part=ZERO_GRAD] .switch").click();
        page.locator("#train-run").click();
        waitFor(page, "done");
        assertThat(page.locator(".program-line[data-part=ZERO_GRAD] .program-warning"))
                .containsText("gradients are not cleared");
        page.locator("[data-line='EPOCHS.more']").click();
        page.locator("[data-line='EPOCHS.epochs']").fill("3");
        page.locator("[data-line='EPOCHS.epochs']").press("Enter");
        assertThat(page.locator(".train-banner")).containsText("before your edit");
        Looks.show(page, "train-loop");
        page.locator(".train-banner .action").first().click();
        page.locator("#train-run").click();
        waitForBatch(page, 30);
        assertThat(page.locator(".run-item")).hasCount(2);
    }

    /** The curve goes out as numbers and as pictures, with the very losses of the run. */
    @Test
    void exportsTheCurve(Page page) throws IOException {
        new Hands(page).open("/");
        load(page, "xor", 1000);
        openArea(page);
        trainUntil(page, 5);
        String table = exported(page, "CSV");
        List<String> lines = table.lines().toList();
        List<?> losses = losses(page);
        assertEquals(losses.size(), lines.size() - 1, "a line of names, and one for each batch");
        for (int i = 0; i < losses.size(); i++) {
            assertEquals(((Number) losses.get(i)).doubleValue(),
                    Double.parseDouble(lines.get(i + 1).split(",")[1]), lines.getFirst());
        }
        assertTrue(exported(page, "PNG").startsWith("\u0089PNG"));
        assertTrue(exported(page, "SVG").startsWith("<svg"));
    }

    /** What the curve's menu saves under that name, a character for a byte. */
    private static String exported(Page page, String format) throws IOException {
        // The boundary's menu comes first, then that of the curves.
        page.locator("#train button[aria-label='Table and files']").nth(1).click();
        var download = page.waitForDownload(() -> page.locator("[role=menuitem]",
                new Page.LocatorOptions().setHasText(format)).first().click());
        return Files.readString(download.path(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aReloadGoesOnToTheSameNumbers(Page page) {
        new Hands(page).open("/");
        load(page, "xor", 1000);
        openArea(page);
        trainUntil(page, 40);
        int at = batch(page);
        List<?> before = losses(page);
        // The store is written after the pause.
        page.waitForFunction("""
                at => new Promise(done => {
                  const request = indexedDB.open("backstep", 1);
                  request.onsuccess = () => {
                    const all = request.result.transaction("runs").objectStore("runs").getAll();
                    all.onsuccess = () => { request.result.close(); done(all.result.some(run => run.batch === at)); };
                  };
                })""", at);
        page.reload();
        assertThat(page.locator("#loading")).isHidden();
        page.locator(".toast .action").click();
        waitForBatch(page, at);
        assertEquals(before, losses(page));
        page.locator("#train-batch").click();
        waitForBatch(page, at + 1);
        Object resumed = losses(page).getLast();
        page.evaluate("steps => backstep.train({ steps })", at + 1);
        assertEquals(resumed, losses(page).getLast());
    }

    @Test
    void byKeyboardAloneAndByEvents(Page page) {
        new Hands(page).open("/");
        load(page, "xor", 2000);
        page.keyboard().press("t");
        assertThat(page.locator("#train")).isVisible();
        page.keyboard().press("Shift+Enter");
        waitFor(page, "running");
        page.keyboard().press("Shift+Enter");
        waitFor(page, "paused");
        assertThat(page.locator("#announce")).hasText(Pattern.compile("Paused after batch \\d+, loss .*"));
        int at = batch(page);
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step \\d+ of \\d+"));
        page.keyboard().press("e");
        assertThat(page.locator("#step-event")).containsText("zero_grad");
        page.locator("#last").click();
        page.keyboard().press("e");
        waitForBatch(page, at + 1);
        page.keyboard().press("[");
        waitForBatch(page, at);
    }

    @Test
    void answersScriptsAndPagesAround(Playground.Visitors visitors) {
        Page page = visitors.open();
        new Hands(page).open("/");
        load(page, "xor", 1000);
        var end = (Map<?, ?>) page.evaluate("""
                async () => {
                  const heard = [];
                  const off = backstep.on("epoch", detail => heard.push(detail.epoch));
                  const end = await backstep.train({ epochs: 3, seed: 7 });
                  off();
                  return { ...end, heard };
                }""");
        assertEquals("done", end.get("state"));
        assertEquals(30, end.get("batch"));
        assertEquals(List.of(1, 2, 3), end.get("heard"));
        assertTrue(page.evaluate("JSON.stringify(backstep.document())").toString().contains("\"epochs\":1000"));
    }

    @Test
    void aWorkerThatCannotStartSaysSoAndStartsAgain(Playground.Visitors visitors) {
        visitors.expect("worker");
        Page page = visitors.open();
        new Hands(page).open("/");
        load(page, "xor", 5);
        page.route("**/js/worker*.js", Route::abort);
        // What the area shows before any training is a run already.
        page.locator("#train-toggle").click();
        assertThat(page.locator(".train-banner.bad")).containsText("has died",
                new LocatorAssertions.ContainsTextOptions().setTimeout(LONG));
        page.unroute("**/js/worker*.js");
        page.locator(".train-banner .action").click();
        waitFor(page, "done");
    }

    @Test
    void onAPhoneInTheDark(Playground.Visitors visitors) throws IOException {
        Page page = visitors.open(options -> options.setViewportSize(360, 740).setDeviceScaleFactor(2).setHasTouch(true)
                .setIsMobile(true).setColorScheme(ColorScheme.DARK));
        new Hands(page).open("/");
        load(page, "xor", 5);
        page.locator("#train-toggle").tap();
        assertThat(page.locator(".train-canvas").first()).isVisible(patient());
        page.locator("#train-run").tap();
        waitFor(page, "done");
        Looks.show(page, "train-phone");
        page.locator(".train-views button").nth(1).tap();
        Looks.show(page, "train-phone-loop");
        assertEquals(360, page.evaluate("document.documentElement.scrollWidth"), "the page must not scroll sideways");
        page.locator("#train-close").tap();
        assertThat(page.locator("#train")).isHidden();
    }

    @Test
    void nodesSayInWhichModeTheyRun(Page page) {
        new Hands(page).open("/");
        page.evaluate("""
                () => backstep.load({ format: 1, target: ["loss", 0], nodes: [
                  { id: "data", type: "data", attrs: { source: "xor", encoding: "column" }, at: [0, 0] },
                  { id: "w", type: "uniform", attrs: { size: [1, 2], requires_grad: true }, at: [0, 200] },
                  { id: "h", type: "linear", at: [250, 0] },
                  { id: "drop", type: "dropout", at: [500, 0] },
                  { id: "loss", type: "mse_loss", at: [750, 0] },
                  { id: "sgd", type: "SGD", at: [250, 200] },
                ], wires: [
                  { from: ["data", 0], to: ["h", 0] }, { from: ["w", 0], to: ["h", 1] },
                  { from: ["h", 0], to: ["drop", 0] }, { from: ["drop", 0], to: ["loss", 0] },
                  { from: ["data", 1], to: ["loss", 1] },
                ] })""");
        var badges = page.locator(".node[data-node=drop] .node-badges");
        assertThat(badges).containsText("train");
        page.evaluate("backstep.train({ epochs: 1 })");
        assertThat(badges).containsText("eval");
        assertThat(page.locator(".node[data-node=loss] .node-badges")).not().containsText("eval");
    }
}
