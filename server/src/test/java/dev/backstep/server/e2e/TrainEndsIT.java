package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.backstep.server.e2e.TrainIT.LONG;
import static dev.backstep.server.e2e.TrainIT.batch;
import static dev.backstep.server.e2e.TrainIT.load;
import static dev.backstep.server.e2e.TrainIT.losses;
import static dev.backstep.server.e2e.TrainIT.openArea;
import static dev.backstep.server.e2e.TrainIT.trainUntil;
import static dev.backstep.server.e2e.TrainIT.waitFor;
import static dev.backstep.server.e2e.TrainIT.waitForBatch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.backstep.server.Playground;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How runs end, are lost, are kept and go on, and what the canvas shows of them meanwhile. */
@ExtendWith(Playground.class)
class TrainEndsIT {
    /** Ends the worker of a run in its middle, and goes on by one click, to the curve of a run without a break. */
    private static void dies(Page page, String death, String said) {
        new Hands(page).open("/");
        // Long enough that it cannot be over before it dies, however slow the machine.
        load(page, "xor", 20_000);
        openArea(page);
        // A checkpoint to go on from, well before the worker dies.
        trainUntil(page, 20);
        page.locator("#train-run").click();
        waitFor(page, "running");
        page.workers().getLast().evaluate(death);
        assertThat(page.locator(".train-banner.bad")).containsText(said,
                new LocatorAssertions.ContainsTextOptions().setTimeout(LONG));
        int at = batch(page);
        page.locator(".train-banner .action").click();
        trainPast(page, at);
        assertEquals(1, page.evaluate("backstep.runs().length"), "it is the same run");
        List<?> broken = losses(page);
        page.evaluate("steps => backstep.train({ steps })", broken.size());
        assertEquals(losses(page), broken);
    }

    /** Waits until the run that goes on is beyond a batch, and pauses it. */
    private static void trainPast(Page page, int batch) {
        page.waitForFunction("batch => backstep.runs()[0]?.state === 'running' && backstep.runs()[0].batch > batch",
                batch, new Page.WaitForFunctionOptions().setTimeout(LONG));
        page.locator("#train-run").click();
        waitFor(page, "paused");
    }

    /** As when a browser ends a worker, which then tells nothing. */
    @Test
    void aWorkerThatDiesSilentlyIsNoticed(Page page) {
        dies(page, "self.close()", "ended without a word");
    }

    @Test
    void aWorkerThatDiesOfAnErrorIsNoticed(Playground.Visitors visitors) {
        visitors.expect("out of memory");
        dies(visitors.open(), "setTimeout(() => { throw new Error('out of memory') })", "out of memory");
    }

    private static void showsTrained(Page page) {
        Locator leaf = page.locator(".node[data-node=b2]");
        assertThat(leaf.locator(".node-badges")).containsText("v1");
        assertThat(leaf).not().containsText("None");
    }

    /** While it runs, paused or ended, the canvas shows the parameters as they are. */
    @Test
    void theCanvasShowsWhatWasLearnedWhereverTheRunStands(Page page) {
        new Hands(page).open("/");
        load(page, "xor", 20_000);
        openArea(page);
        page.locator("#train-run").click();
        waitFor(page, "running");
        showsTrained(page);
        waitFor(page, "running");
        page.locator("#train-stop").click();
        waitFor(page, "stopped");
        showsTrained(page);
        page.locator("#train-run").click();
        waitFor(page, "running");
        assertThat(page.locator(".train-mode")).hasText("train()");
        page.evaluate("backstep.train({ epochs: 2 })");
        waitFor(page, "done");
        assertThat(page.locator(".train-mode")).hasText("eval()");
        showsTrained(page);
    }

    /** An edit of the rate while it runs: the run goes on with it, from where it was. */
    @Test
    void goesOnWithAnEditMadeMeanwhile(Page page) {
        new Hands(page).open("/");
        load(page, "xor", 20_000);
        openArea(page);
        page.locator("#train-run").click();
        page.waitForFunction("() => backstep.runs()[0]?.batch > 50");
        page.evaluate("""
                async () => {
                  const document = backstep.document();
                  document.nodes.find(node => node.id === "opt").attrs.lr = 1e-9;
                  await backstep.load(document);
                }""");
        page.locator(".train-banner .action").nth(1).click();
        page.waitForFunction("() => backstep.runs()[0]?.run === 2 && backstep.runs()[0].state === 'running'");
        page.locator("#train-run").click();
        waitFor(page, "paused");
        assertThat(page.locator(".train-banner")).hasCount(0);
        assertTrue(batch(page) > 50, "it went on from there");
    }

    @Test
    void aKeptRunIsOfferedWhenItsDocumentIsOpenedAgain(Page page) {
        new Hands(page).open("/");
        load(page, "xor", 2000);
        openArea(page);
        trainUntil(page, 40);
        int at = batch(page);
        List<?> before = losses(page);
        Object first = page.evaluate("backstep.document()");
        load(page, "circles", 3);
        page.evaluate("backstep.train()");
        page.evaluate("document => backstep.load(document)", first);
        assertThat(page.locator(".train-banner")).containsText("after batch " + at);
        assertThat(page.locator(".toast .action")).containsText("Resume");
        page.locator(".train-banner .action").first().click();
        waitForBatch(page, at);
        assertEquals(before, losses(page));
        showsTrained(page);
    }
}
