package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.backstep.server.Playground;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A document trained on the server, from the page. */
@ExtendWith(Playground.class)
class ServerRunIT {
    private static final String DENIED = "429|console: Failed to load resource";

    /** What the document's parameters are, as the page's engine computes its target with them. */
    private static final String TARGET = """
            async () => {
              await backstep.forward();
              await backstep.seek(1e9);
              return backstep.state().tensors.loss.value;
            }""";

    private static void choose(Page page, String place) {
        page.locator("#train-place").selectOption(place);
    }

    /** Agrees to what the dialog says. */
    private static void agree(Page page) {
        page.locator("#train-run").click();
        page.locator("#server-send").click();
        assertThat(page.locator("dialog")).hasCount(0);
    }

    private static Page open(Page page, String source, int epochs) {
        new Hands(page).open("/");
        TrainIT.load(page, source, epochs);
        TrainIT.openArea(page);
        choose(page, "server");
        return page;
    }

    private static String run(Page page) {
        return (String) page.evaluate("backstep.runs()[0].id");
    }

    private static void waitUntil(Page page, int batch) {
        page.waitForFunction("batch => backstep.runs()[0]?.batch > batch", batch,
                new Page.WaitForFunctionOptions().setTimeout(TrainIT.LONG));
    }

    private static void assertClose(List<?> expected, List<?> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            double wanted = ((Number) expected.get(i)).doubleValue();
            assertEquals(wanted, ((Number) actual.get(i)).doubleValue(), 1e-5 * Math.abs(wanted), "batch " + (i + 1));
        }
    }

    @Test
    void trainsASpiralAsTheWorkerDoesAndBringsItsParametersBack(Page page) throws IOException {
        new Hands(page).open("/");
        TrainIT.load(page, "spiral", 30);
        page.evaluate("backstep.train()");
        List<?> here = TrainIT.losses(page);
        TrainIT.openArea(page);
        choose(page, "server");
        List<String> sent = new ArrayList<>();
        page.onRequest(request -> note(request, sent));
        page.locator("#train-run").click();
        Locator dialog = page.locator("dialog");
        assertThat(dialog).containsText("goes to localhost");
        assertThat(dialog.locator(".server-facts").first()).containsText("Numbers that it learns354");
        assertThat(dialog).containsText(
                Pattern.compile("In this tab(about|less than).*, at [\\d.,]+ batches/s, measured"));
        assertThat(dialog).containsText(Pattern.compile(
                "On the server(about|less than).*, at some [\\d.,]+ batches/s, by what it computes in a second"));
        Looks.show(page, "server-dialog");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        Looks.show(page, "server-dialog-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        assertEquals(List.of(), sent, "nothing is sent before it was agreed to");
        page.locator("#server-send").click();
        TrainIT.waitFor(page, "done");
        assertEquals(1, sent.size());
        assertTrue(sent.getFirst().startsWith("{\"document\":"), sent.getFirst());
        assertClose(here, TrainIT.losses(page));
        assertEquals(List.of("server", "tab"), page.evaluate("backstep.runs().map(run => run.on)"));
        assertThat(page.locator(".train-chart canvas")).isVisible();
        assertThat(page.locator(".train-canvas").first()).hasAttribute("aria-label", Pattern.compile("After batch 300: .*"));
        assertThat(page.locator(".train-server")).containsText("was computed on the server");
        assertThat(page.locator(".run-item").first()).containsText("on the server");
        // The canvas shows what was learned, as after a run of the worker.
        page.locator(".train-views button").nth(1).click();
        assertThat(page.locator("#train-keep")).isVisible();
        assertThat(page.locator(".node[data-node=loss] .node-badges")).not().containsText("train");
        Looks.show(page, "server-done");
        page.locator("#train-keep").click();
        double kept = ((Number) page.evaluate(TARGET)).doubleValue();
        page.locator("#undo").click();
        page.evaluate("backstep.train({ on: 'tab' })");
        page.locator("#train-keep").click();
        double local = ((Number) page.evaluate(TARGET)).doubleValue();
        assertEquals(local, kept, 1e-4 * Math.abs(local), "the same parameters predict the same");
    }

    private static void note(Request request, List<String> sent) {
        if (request.method().equals("POST")) {
            sent.add(request.postData());
        }
    }

    @Test
    void pausesGoesOnAndStops(Page page) {
        open(page, "spiral", 20_000);
        agree(page);
        waitUntil(page, 20);
        // What cannot be done there says why.
        for (String button : List.of("back", "batch", "epoch", "event", "reset")) {
            Locator tool = page.locator("#train-" + button);
            assertThat(tool).isDisabled();
            assertThat(tool).hasAttribute("title", Pattern.compile(".*not on the server.*"));
        }
        page.locator("#train-run").click();
        TrainIT.waitFor(page, "paused");
        int at = TrainIT.batch(page);
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step \\d+ of \\d+"));
        page.waitForTimeout(500);
        assertEquals(at, TrainIT.batch(page));
        page.locator("#train-run").click();
        waitUntil(page, at);
        assertEquals("running", page.evaluate("backstep.runs()[0].state"));
        page.locator("#train-stop").click();
        TrainIT.waitFor(page, "stopped");
        assertThat(page.locator("#train-stop")).isDisabled();
        assertThat(page.locator("#train-run")).hasText("Train");
        int size = TrainIT.losses(page).size();
        assertTrue(size > at);
        assertEquals(size, TrainIT.batch(page));
    }

    @Test
    void aReloadInTheMiddleShowsItWholeAndOthersOnlyWatch(Playground.Visitors visitors) throws IOException {
        Page page = open(visitors.open(), "spiral", 20_000);
        agree(page);
        waitUntil(page, 50);
        String id = run(page);
        assertTrue(page.url().endsWith("/?run=" + id), page.url());
        page.reload();
        assertThat(page.locator("#loading")).isHidden();
        waitUntil(page, 60);
        assertEquals(id, run(page));

        Page other = visitors.open();
        new Hands(other).open("/?run=" + id);
        waitUntil(other, 60);
        assertThat(other.locator(".node")).hasCount(15);
        assertThat(other.locator(".train-server")).containsText("You are watching a run on the server");
        assertThat(other.locator("#train-run")).isDisabled();
        assertThat(other.locator("#train-stop")).isDisabled();
        Looks.show(other, "server-watcher");

        // Who began it still steers it, also after a reload in a pause.
        page.locator("#train-run").click();
        TrainIT.waitFor(page, "paused");
        int at = TrainIT.batch(page);
        page.reload();
        assertThat(page.locator("#loading")).isHidden();
        TrainIT.waitForBatch(page, at);
        assertThat(page.locator("#train-run")).hasText("Go on");
        TrainIT.waitForBatch(other, at);
        assertClose(TrainIT.losses(page), TrainIT.losses(other));
        assertEquals(at, TrainIT.losses(page).size(), "from its first batch on");
        page.locator("#train-run").click();
        waitUntil(page, at);
        other.locator("#server-leave").click();
        assertThat(other.locator(".toast")).containsText("goes on on the server");
        assertFalse(other.url().contains("run="), other.url());
        other.locator(".train-views button").nth(1).click();
        Looks.show(other, "server-left");
        other.locator(".run-item a").click();
        assertThat(other.locator(".train-server")).containsText("You are watching a run on the server");
        waitUntil(other, at);
        page.locator("#train-stop").click();
        TrainIT.waitFor(page, "stopped");
    }

    @Test
    void aDroppedConnectionIsSaidAndGoesOn(Playground.Visitors visitors) throws IOException {
        visitors.expect("net::ERR_|Failed to load resource");
        try (Wire wire = new Wire(URI.create(visitors.url()).getPort())) {
            Page page = open(visitors.open(options -> options.setViewportSize(1280, 800).setBaseURL(wire.url())),
                    "spiral", 20_000);
            agree(page);
            waitUntil(page, 20);
            wire.cut();
            assertThat(page.locator(".train-server")).containsText("The connection to the server is lost");
            int at = TrainIT.batch(page);
            // What is asked of it now is said to have failed, and the run is what it was.
            page.locator("#train-run").click();
            assertThat(page.locator(".train-banner.bad")).containsText("The server was not reached");
            Looks.show(page, "server-cut-off");
            page.locator(".train-banner button").click();
            wire.mend();
            assertThat(page.locator(".train-server")).containsText("goes on on the server",
                    new LocatorAssertions.ContainsTextOptions().setTimeout(TrainIT.LONG));
            waitUntil(page, at);
            page.locator("#train-stop").click();
            TrainIT.waitFor(page, "stopped");
            List<?> losses = TrainIT.losses(page);
            assertEquals(TrainIT.batch(page), losses.size());
            assertFalse(losses.contains(null), "each batch once, those too that nobody could hear");
        }
    }

    @Test
    void aRefusalShowsItsNumberAndWhatToDo(Playground.Visitors visitors) {
        visitors.expect(DENIED);
        Page page = open(visitors.open(), "xor", 10);
        Object tokens = page.evaluate("""
                async () => {
                  const runs = [];
                  const document = backstep.document();
                  document.nodes.find(node => node.type === "loop").attrs.epochs = 1000000;
                  for (;;) {
                    const answer = await fetch("/api/runs", { method: "POST", body: JSON.stringify({ document }),
                      headers: { "Content-Type": "application/json" } });
                    if (!answer.ok) return runs;
                    runs.push(await answer.json());
                  }
                }""");
        try {
            agree(page);
            Locator banner = page.locator(".train-banner.bad");
            assertThat(banner).containsText("The server refused (429): 10 of your runs are not over yet");
            assertThat(banner).containsText("stop one of your runs");
            banner.locator("button").last().click();
            TrainIT.waitFor(page, "done");
            assertEquals("tab", page.evaluate("backstep.runs()[0].on"));
        } finally {
            page.evaluate("runs => Promise.all(runs.map(run => fetch('/api/runs/' + run.id, { method: 'DELETE',"
                    + " headers: { Authorization: 'Bearer ' + run.cancelToken } })))", tokens);
        }
    }

    @Test
    void whatTheServerGivesUpSaysWhyAndIsTrainedHere(Page page) {
        open(page, "xor", 2_000_000);
        agree(page);
        Locator banner = page.locator(".train-banner.bad");
        assertThat(banner).containsText("The run on the server has failed: The run has 20,000,000 batches; this server"
                + " computes 10,000,000");
        banner.locator("button").last().click();
        waitUntil(page, 100);
        assertEquals("tab", page.evaluate("backstep.runs()[0].on"));
        page.locator("#train-run").click();
        TrainIT.waitFor(page, "paused");
    }

    @Test
    void aLongRunIsOfferedTheServer(Page page) throws IOException {
        // A server that is faster than this tab, whatever else this machine does.
        page.route("**/api/devices", route -> route.fulfill(new Route.FulfillOptions().setStatus(200)
                .setContentType("application/json").setBody("""
                    [{"name": "cpu", "kind": "cpu", "ready": true, "nanoseconds":
                        {"call": 100, "step": 0.01, "function": 0.1, "product": 0.01, "other": 0.01}}]""")));
        new Hands(page).open("/");
        TrainIT.load(page, "spiral", 1_000_000);
        TrainIT.openArea(page);
        page.locator("#train-run").click();
        Locator banner = page.locator(".train-banner");
        assertThat(banner).containsText(Pattern.compile("At [\\d.,]+ batches/s this takes about [\\d,]+ (min|h) more in"
                + " this tab\\. By its speed, the server would take about [\\d,]+ (min|h) from the"),
                new LocatorAssertions.ContainsTextOptions().setTimeout(TrainIT.LONG));
        Looks.show(page, "server-offer");
        banner.locator("button").first().click();
        assertThat(page.locator("dialog")).containsText(Pattern.compile("In this tababout [\\d,]+ (min|h), at"));
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
        banner.locator("button").last().click();
        assertThat(banner).hasCount(0);
        assertEquals(1, page.evaluate("backstep.runs().length"), "nothing was begun, nothing sent");
        page.locator("#train-stop").click();
        TrainIT.waitFor(page, "stopped");
    }

    /** Sixteen million numbers, of which the optimizer remembers two more each. */
    private static final String TOO_LARGE = """
            backstep.load({ format: 1, nodes: [
                { id: 'a', type: 'zeros', attrs: { size: [2048, 2048], requires_grad: true } },
                { id: 'b', type: 'zeros', attrs: { size: [2048, 2048], requires_grad: true } },
                { id: 'sum', type: 'add' }, { id: 'loss', type: 'mean' }, { id: 'adam', type: 'Adam' },
                { id: 'loop', type: 'loop', attrs: { epochs: 1000 } }],
              wires: [{ from: ['a', 0], to: ['sum', 0] }, { from: ['b', 0], to: ['sum', 1] },
                { from: ['sum', 0], to: ['loss', 0] }],
              target: ['loss', 0] })""";

    @Test
    void aRunTooLargeForTheTabIsOfferedTheServer(Page page) throws IOException {
        new Hands(page).open("/");
        page.evaluate(TOO_LARGE);
        page.locator("#train-toggle").click();
        Locator banner = page.locator(".train-banner");
        assertThat(banner).containsText(Pattern.compile(
                "This needs about 1\\.\\d G.* for its tensors, more than the 1\\.?\\d? G.* or so that a tab bears"));
        Looks.show(page, "server-offer-memory");
        banner.locator("button").first().click();
        Locator dialog = page.locator("dialog");
        assertThat(dialog).containsText("In this tabcould not be measured");
        assertThat(dialog).containsText(
                Pattern.compile("On the serverabout [\\d,]+ (s|min|h), at some [\\d.,]+ batches"));
        assertThat(dialog).containsText(Pattern.compile("Memoryabout 1\\.\\d G.* for tensors; a tab bears about 1"));
        Looks.show(page, "server-dialog-memory");
        page.keyboard().press("Escape");
        assertEquals(0, TrainIT.batch(page), "nothing was tried here either");
    }

    @Test
    void withoutAServerTheChoiceSaysSo(Playground.Visitors visitors) {
        visitors.expect("404|Failed to load resource");
        Page page = visitors.open();
        page.route("**/api/devices", route -> route.fulfill(new Route.FulfillOptions().setStatus(404)));
        new Hands(page).open("/");
        TrainIT.load(page, "xor", 5);
        TrainIT.openArea(page);
        assertThat(page.locator("#train-place option").last()).hasText("On the server (there is none)");
        assertThat(page.locator("#train-place option").last()).isDisabled();
        assertThat(page.locator("#train-place")).hasAttribute("title", Pattern.compile(".*no server computes.*"));
        page.locator("#train-run").click();
        TrainIT.waitFor(page, "done");
        page.navigate("/?run=abcdefghijklmnopqrstuvwx");
        assertThat(page.locator(".toast.bad")).containsText("There is no such run on this server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/?engine=js"})
    void scriptsAskForItToo(String address, Page page) {
        new Hands(page).open(address);
        TrainIT.load(page, "xor", 1000);
        var end = (Map<?, ?>) page.evaluate("backstep.train({ on: 'server', epochs: 3, seed: 7 })");
        assertEquals("done", end.get("state"));
        assertEquals(30, end.get("batch"));
        assertEquals("server", page.evaluate("backstep.runs()[0].on"));
        assertEquals("options.steps: a run on the server takes no single batches", page.evaluate(
                "backstep.train({ on: 'server', steps: 3 }).catch(refused => refused.message)"));
    }

    @Test
    void onAPhoneInTheDarkInChinese(Playground.Visitors visitors) throws IOException {
        Page page = visitors.open(options -> options.setViewportSize(360, 740).setDeviceScaleFactor(2).setHasTouch(true)
                .setIsMobile(true).setColorScheme(ColorScheme.DARK).setLocale("zh-CN"));
        new Hands(page).open("/");
        TrainIT.load(page, "xor", 5);
        page.locator("#train-toggle").tap();
        assertThat(page.locator(".train-canvas").first()).isVisible(
                new LocatorAssertions.IsVisibleOptions().setTimeout(TrainIT.LONG));
        choose(page, "server");
        page.locator("#train-run").tap();
        assertThat(page.locator("dialog")).containsText("实测");
        Looks.show(page, "server-dialog-phone");
        page.locator("#server-send").tap();
        TrainIT.waitFor(page, "done");
        Looks.show(page, "server-phone");
        assertEquals(360, page.evaluate("document.documentElement.scrollWidth"), "the page must not scroll sideways");
    }
}
