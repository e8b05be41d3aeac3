package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.backstep.server.Playground;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs that take longer than a moment, on the page: their progress, how they are stopped, and that the page goes on
 * meanwhile. Nothing here looks at a clock: what is asserted is the order in which things happen.
 */
@ExtendWith(Playground.class)
class SlicesIT {
    /** Twelve leaves of so many normal numbers, each of which takes a while to be drawn, summed up. */
    private static final String OPEN = """
            async size => {
              const leaves = Array.from({ length: 12 }, (_, i) => ({ id: `n${i}`, type: "randn", label: `w${i}`,
                at: [240 * (i % 4), 150 * (i >> 2)], attrs: { size: [size], seed: i, requires_grad: true } }));
              const sums = leaves.slice(1).map((_, i) => ({ id: `s${i}`, type: "add", label: `sum${i}`,
                at: [240 * (i % 4), 500 + 150 * (i >> 2)] }));
              const wires = sums.flatMap(({ id }, i) => [
                { from: [i === 0 ? "n0" : `s${i - 1}`, 0], to: [id, 0] }, { from: [`n${i + 1}`, 0], to: [id, 1] }]);
              await backstep.load({ format: 1, nodes: [...leaves, ...sums, { id: "l", type: "sum", label: "l",
                at: [960, 800] }], wires: [...wires, { from: ["s10", 0], to: ["l", 0] }] });
            }""";
    /** So many are there after a while, and of so many none waits for the end. */
    private static final int LARGE = 400_000;
    private static final int HUGE = 2_000_000;

    private static Hands open(Page page, int size) {
        Hands hands = new Hands(page).open("/");
        page.evaluate(OPEN, size);
        return hands;
    }

    private static void isComputing(Page page) {
        assertThat(page.locator("#computing")).isVisible();
        assertThat(page.locator("#run")).hasAccessibleName(Pattern.compile("Stop.*"));
    }

    private static void isDone(Page page) {
        assertThat(page.locator("#computing")).isHidden();
        assertThat(page.locator("#run")).hasAccessibleName(Pattern.compile("Run.*"));
    }

    @Test
    void progressIsSeenAndInputIsServedInBetween(Page page) {
        open(page, LARGE);
        page.evaluate("""
                () => {
                  globalThis.order = [];
                  new MutationObserver(() => order.push(document.getElementById("computing-text").textContent))
                    .observe(document.getElementById("computing-text"), { childList: true, characterData: true,
                      subtree: true });
                  new MutationObserver(() => order.push(document.getElementById("announce").textContent))
                    .observe(document.getElementById("announce"), { childList: true });
                  document.addEventListener("pointerdown", () => order.push("down"), true);
                  document.addEventListener("keydown", () => order.push("key"), true);
                }""");
        page.locator("#run").click();
        isComputing(page);
        assertThat(page.locator("#computing-bar")).hasAttribute("max", "12");
        page.locator("#zoom-in").click();
        page.locator("#canvas-view").press("ArrowRight");
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step 13 of \\d+"));
        isDone(page);
        List<?> order = (List<?>) page.evaluate("() => order");
        int click = order.lastIndexOf("down");
        int key = order.lastIndexOf("key");
        int end = order.size() - 1;
        while (!order.get(end).toString().matches("Step 13 of .*")) {
            end--;
        }
        String told = order.toString();
        assertTrue(order.stream().filter(text -> text.toString().matches("Making w\\d+, \\d+ of 12")).count() > 1,
                told);
        assertTrue(click > 0 && click < key && key < end, "input came while it was computed: " + told);
        assertTrue(order.subList(0, click).stream().anyMatch(text -> text.toString().startsWith("Making")), told);
    }

    @Test
    void theButtonAndEscapeStopIt(Page page) {
        Hands hands = open(page, HUGE);
        page.locator("#run").click();
        isComputing(page);
        page.locator("#run").click();
        isDone(page);
        assertThat(page.locator(".toast")).containsText("Stopped");
        assertThat(page.locator("#announce")).containsText("Stopped");
        assertThat(page.locator("#step-event")).hasText("Not run yet");
        String document = hands.document();
        for (String focus : List.of("#run", "#canvas-view", "#events-toggle", "#palette-search")) {
            page.locator("#canvas-view").press("Control+Enter");
            isComputing(page);
            page.locator(focus).focus();
            page.keyboard().press("Escape");
            if (focus.equals("#palette-search")) {
                // There it is the field's; outside it stops.
                page.locator("#run").press("Escape");
            }
            isDone(page);
        }
        assertEquals(document, hands.document());
        assertThat(page.locator("#step-event")).hasText("Not run yet");
        page.evaluate(OPEN, 4);
        hands.run();
        assertEquals(13, hands.step());
        page.evaluate("backstep.step(1)");
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step 14 of \\d+"));
    }

    @Test
    void whatWasThereBeforeStaysAndAnEditBeginsItAnew(Page page) {
        Hands hands = open(page, LARGE);
        page.locator("#run").click();
        isComputing(page);
        page.evaluate("document.activeElement.blur()");
        page.locator("#undo").click();
        isDone(page);
        assertEquals("[]", page.evaluate("() => JSON.stringify(backstep.document().nodes)"));
        page.locator("#redo").click();
        page.locator("#run").click();
        isComputing(page);
        hands.node("sum0").click();
        page.keyboard().press("Delete");
        isComputing(page);
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step \\d+ of \\d+"));
        isDone(page);
        assertThat(hands.node("sum0")).hasCount(0);
        page.keyboard().press("Control+z");
        assertThat(hands.node("sum0")).isVisible();
    }

    @Test
    void thePromisesAreKeptWhenItIsDoneAndRejectedWhenItIsStopped(Page page) {
        open(page, LARGE);
        page.evaluate("""
                () => {
                  globalThis.told = [];
                  globalThis.hear = (name, promise) => promise.then(() => told.push(name),
                      problem => told.push(`${name}: ${problem.message}`));
                  hear("forward", backstep.forward());
                  hear("seek", backstep.seek(3));
                  hear("step", backstep.step(-1));
                  told.push("asked");
                }""");
        page.waitForFunction("() => told.length === 4");
        assertEquals(List.of("asked", "forward", "seek", "step"), page.evaluate("() => told"));
        assertThat(page.locator("#step-count")).hasText("Step 2 of 12");
        page.evaluate(OPEN, HUGE);
        page.evaluate("""
                () => {
                  told.length = 0;
                  hear("backward", backstep.backward());
                  hear("seek", backstep.seek(1));
                }""");
        isComputing(page);
        page.locator("#run").press("Escape");
        page.waitForFunction("() => told.length === 2");
        assertEquals(List.of("backward: cancelled: the run was stopped before it was done",
                "seek: cancelled: the run was stopped before it was done"), page.evaluate("() => told"));
    }

    @Test
    void anActionThatIsStoppedLeavesTheRunAndCanBeTakenAgain(Page page) {
        Hands hands = new Hands(page).open("/");
        page.evaluate("""
                async () => {
                  const drawn = id => ({ id, type: "uniform", label: id, at: [0, 0],
                    attrs: { size: [1024, 1024], from: -0.03, to: 0.03, seed: 1, requires_grad: true } });
                  const products = Array.from({ length: 12 }, (_, i) => ({ id: `p${i}`, type: "matmul", label: `p${i}`,
                    at: [260 + 240 * (i % 4), 150 * (i >> 2)] }));
                  await backstep.load({ format: 1, nodes: [drawn("w"), ...products,
                    { id: "l", type: "sum", label: "l", at: [1300, 300] }], wires: [...products.flatMap(({ id }, i) => [
                      { from: [i === 0 ? "w" : `p${i - 1}`, 0], to: [id, 0] }, { from: ["w", 0], to: [id, 1] }]),
                      { from: ["p11", 0], to: ["l", 0] }] });
                  await backstep.forward();
                }""");
        assertThat(page.locator("#step-count")).hasText("Step 13 of 13");
        backward(page);
        isComputing(page);
        assertThat(page.locator("#computing-text")).hasText(Pattern.compile("Backward: p\\d+, \\d+ of 14"));
        assertThat(page.locator("#act-backward")).hasAttribute("aria-disabled", "true");
        page.keyboard().press("Escape");
        isDone(page);
        assertThat(page.locator("#step-count")).hasText("Step 13 of 13");
        assertThat(page.locator("#act-backward")).not().hasAttribute("aria-disabled", "true");
        page.locator("#back").click();
        assertThat(page.locator("#step-count")).hasText("Step 12 of 13");
        backward(page);
        assertThat(page.locator("#step-count")).hasText("Step 14 of 28");
        assertThat(hands.grad("l")).isVisible();
    }

    private static void backward(Page page) {
        page.locator("#act-backward").click();
        page.locator(".menu-item").first().click();
    }

    @Test
    void howItLooks(Playground.Visitors visitors) throws IOException {
        for (String kind : List.of("light", "dark", "phone")) {
            Page page = visitors.open(options -> {
                options.setViewportSize(kind.equals("phone") ? 360 : 1280, kind.equals("phone") ? 740 : 800);
                options.setLocale(kind.equals("dark") ? "zh-CN" : "en-US").setHasTouch(kind.equals("phone"));
                options.setColorScheme(kind.equals("dark") ? ColorScheme.DARK
                        : ColorScheme.LIGHT);
            });
            new Hands(page).open("/");
            page.evaluate(OPEN, HUGE);
            page.locator("#run").click();
            assertThat(page.locator("#computing")).isVisible();
            Looks.show(page, "computing-" + kind);
            page.close();
        }
    }
}
