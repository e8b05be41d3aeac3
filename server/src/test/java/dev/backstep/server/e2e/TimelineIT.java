package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs that follow one another, watched on the timeline: its actions, event log, filter and breakpoints. */
@ExtendWith(Playground.class)
class TimelineIT {
    /** l = (w x)^2 with w = 2, x = 3, so dl/dw = 36; a hook on y doubles what passes there: 72. */
    private static final String HOOKED = """
            {"format": 1, "nodes": [
              {"id": "n1", "type": "tensor", "label": "w", "attrs": {"data": 2, "requires_grad": true}, "at": [40, 40]},
              {"id": "n2", "type": "tensor", "label": "x", "attrs": {"data": 3}, "at": [40, 220]},
              {"id": "n3", "type": "mul", "label": "y", "at": [280, 120]},
              {"id": "n4", "type": "hook", "label": "double", "attrs": {"kind": "register_hook", "returns": "2 * g"},
               "at": [520, 120]},
              {"id": "n5", "type": "square", "label": "l", "at": [760, 120]}],
             "wires": [
              {"from": ["n1", 0], "to": ["n3", 0]}, {"from": ["n2", 0], "to": ["n3", 1]},
              {"from": ["n3", 0], "to": ["n4", 0]}, {"from": ["n4", 0], "to": ["n5", 0]}]}""";

    /** sqrt of 0 has an infinite derivative. */
    private static final String INFINITE = """
            {"format": 1, "nodes": [
              {"id": "n1", "type": "tensor", "label": "x", "attrs": {"data": [4, 0], "requires_grad": true},
               "at": [40, 40]},
              {"id": "n2", "type": "sqrt", "label": "root", "at": [280, 40]},
              {"id": "n3", "type": "sum", "label": "total", "at": [520, 40]}],
             "wires": [{"from": ["n1", 0], "to": ["n2", 0]}, {"from": ["n2", 0], "to": ["n3", 0]}]}""";

    private static Hands open(Page page, String document) {
        Hands hands = new Hands(page).open("/");
        page.evaluate("json => backstep.load(json)", document);
        assertThat(hands.node("x")).isVisible();
        return hands;
    }

    private static void choose(Page page, String button, String entry) {
        page.locator("#" + button).click();
        page.locator(".menu-item:visible").filter(new Locator.FilterOptions().setHasText(entry)).first().click();
    }

    private static Locator chip(Page page, String kind) {
        return page.locator(".event-chip[data-kind=" + kind + "]");
    }

    private static Locator selectedRow(Page page) {
        return page.locator(".event-row[aria-selected=true]");
    }

    private static Locator place(Page page) {
        return page.locator("#step-count");
    }

    @Test
    void aLoopByMouse(Page page) throws IOException {
        Hands hands = open(page, HOOKED);
        assertThat(page.locator("#act-zero_grad")).hasAttribute("aria-disabled", "true");
        assertThat(page.locator("#act-update")).hasAttribute("title", Pattern.compile("No leaf has a gradient.*"));
        page.locator("#act-forward").click();
        choose(page, "act-backward", "retain_graph=True");
        choose(page, "act-backward", "With arguments");
        page.locator("#backward-gradient").fill("[1, ");
        page.locator("dialog button[type=submit]").click();
        assertThat(page.locator("#backward-gradient")).hasAttribute("aria-invalid", "true");
        page.locator("#backward-gradient").fill("10");
        page.locator("dialog button[type=submit]").click();
        assertThat(page.locator("dialog")).hasCount(0);
        page.locator("#events-toggle").click();
        chip(page, "accumulate").click();
        chip(page, "hook").click();
        assertThat(place(page)).hasText("2 of 4 shown");
        page.locator("#first").click();
        assertThat(place(page)).hasText("0 of 4 shown");
        page.locator("#forward").click();
        assertThat(selectedRow(page)).containsText("Hook double makes 24 of 12");
        page.locator("#forward").click();
        assertThat(hands.grad("w")).hasText("72");
        page.locator("#last").click();
        assertThat(hands.grad("w")).hasText("72 + 720 = 792");
        page.locator("#act-update").click();
        page.locator("dialog input").fill("0.001");
        page.keyboard().press("Enter");
        choose(page, "act-zero_grad", "set_to_none=False");
        page.locator("#act-forward").click();
        page.locator(".event-chip").first().click();
        page.locator("#last").click();
        assertThat(hands.grad("w")).hasText("0");
        assertEquals(1208, page.evaluate("Math.round(1000 * backstep.state().tensors.w.value)"), "2 - 0.001 * 792");
        assertThat(page.locator("#memory-peak")).hasText(Pattern.compile("peak \\d+ B"));
        Looks.show(page, "timeline-log");
        int before = hands.steps();
        page.locator("#act-take_back").click();
        assertThat(place(page)).hasText("Step " + (before - 4) + " of " + (before - 4));
        page.locator(".toast .action").click();
        assertThat(place(page)).hasText("Step " + before + " of " + before);
        page.locator("#act-restart").click();
        assertThat(place(page)).hasText("Step 3 of 3");
    }

    @Test
    void whatIsFreedHasRowsOfTheStepThatFreesIt(Page page) {
        Hands hands = open(page, HOOKED);
        choose(page, "act-backward", "retain_graph=True");
        page.locator("#events-toggle").click();
        assertThat(chip(page, "free")).isHidden();
        page.locator("#run").click();
        chip(page, "free").click();
        Locator rows = page.locator(".event-row");
        assertThat(rows).hasCount(2);
        assertThat(rows.first().locator(".event-text")).hasText("4 B freed: PowBackward0 at l lets go of _saved_self");
        assertThat(rows.last().locator(".event-text")).hasText("4 B freed: MulBackward0 at y lets go of _saved_other");
        page.locator("#first").click();
        page.locator("#forward").click();
        assertThat(page.locator("#step-event")).hasText("PowBackward0 runs at l");
        assertThat(selectedRow(page)).hasAttribute("data-kind", "free");
        assertThat(page.locator(".moment .freed")).hasText("4 B freed: PowBackward0 at l lets go of _saved_self");
        assertThat(page.locator(".event-chip").first()).isVisible();
        page.locator(".event-chip").first().click();
        assertEquals(1, selectedRow(page).count(), "one row stands for a step");
        assertThat(hands.node("l")).isVisible();
    }

    @Test
    void breakpointsByKeyboard(Page page) throws IOException {
        Hands hands = open(page, INFINITE);
        hands.run();
        Locator said = page.locator("#announce");
        page.keyboard().press("F8");
        assertThat(said).hasText(Pattern.compile("No breakpoint is set.*"));
        hands.node("total").focus();
        page.keyboard().press("F9");
        assertThat(said).hasText("Breakpoint at total set");
        assertThat(hands.node("total")).hasClass(Pattern.compile(".*breaks.*"));
        assertThat(hands.node("total")).hasAttribute("aria-label", Pattern.compile(".*has a breakpoint.*"));
        page.locator("#seek").focus();
        page.keyboard().press("Home");
        page.keyboard().press("F8");
        assertThat(said).hasText(Pattern.compile("Step 2 of 6: .*\\. Breakpoint at total"));
        page.locator("#breaks").focus();
        page.keyboard().press("Enter");
        while (!"A value or gradient that is not finite".equals(page.locator(".menu-item:focus").innerText())) {
            page.keyboard().press("ArrowDown");
        }
        page.keyboard().press("Enter");
        hands.node("total").focus();
        page.keyboard().press("F9");
        page.locator("#seek").focus();
        page.keyboard().press("Home");
        page.keyboard().press("Space");
        assertThat(page.locator("#play")).hasAttribute("aria-label", "Pause");
        page.keyboard().press("Space");
        assertThat(page.locator("#play")).hasAttribute("aria-label", "Play");
        choose(page, "speed", "8×");
        page.locator("#seek").focus();
        page.keyboard().press("Space");
        assertThat(page.locator("#step-stop")).hasText("Breakpoint: not finite, at root");
        assertThat(said).hasText(Pattern.compile("Step 5 of 6: .*not finite, at root"));
        page.keyboard().press("Shift+F8");
        assertThat(place(page)).hasText("Step 0 of 6");
        page.locator("#events-toggle").focus();
        page.keyboard().press("Enter");
        Locator log = page.locator("#event-rows");
        assertThat(log).isFocused();
        page.keyboard().press("End");
        page.keyboard().press("ArrowUp");
        assertThat(page.locator(".event-row.cursor")).hasAttribute("data-kind", "free");
        page.keyboard().press("ArrowUp");
        assertThat(place(page)).hasText("Step 0 of 6");
        page.keyboard().press("F9");
        assertThat(hands.node("root")).hasClass(Pattern.compile(".*breaks.*"));
        page.keyboard().press("Enter");
        assertThat(place(page)).hasText("Step 5 of 6");
        assertThat(selectedRow(page)).hasText(Pattern.compile("5\\s*Node runs.*root\\s*has a breakpoint"));
        assertEquals(page.locator(".event-row.cursor").getAttribute("id"), log.getAttribute("aria-activedescendant"));
        Looks.show(page, "timeline-breakpoints");
        page.keyboard().press("Escape");
        assertThat(page.locator("#events")).isHidden();
        assertThat(page.locator("#events-toggle")).isFocused();
    }

    @Test
    void byTouchOnAPhone(Playground.Visitors visitors) throws IOException {
        Page page = visitors.open(options -> options.setViewportSize(360, 740).setDeviceScaleFactor(2).setHasTouch(true)
                .setIsMobile(true));
        Hands hands = open(page, HOOKED);
        page.locator("#run").tap();
        page.locator("#act-all").tap();
        page.locator(".menu-item:visible").filter(new Locator.FilterOptions().setHasText("zero_grad()")).tap();
        assertThat(hands.grad("w")).hasText("None");
        page.locator("#events-toggle").tap();
        page.locator(".event-row[data-kind=accumulate]").tap();
        assertThat(hands.grad("w")).hasText("72");
        Looks.show(page, "timeline-phone");
        page.locator("#events-close").tap();
        Looks.show(page, "timeline-phone-bar");
        assertEquals(360, page.evaluate("document.documentElement.scrollWidth"), "the page must not scroll sideways");
    }

    /** A run of many thousand events builds only the rows in sight. */
    @Test
    void aLongLogBuildsTheRowsInSight(Page page) {
        StringBuilder nodes = new StringBuilder();
        StringBuilder wires = new StringBuilder();
        for (int i = 1; i <= 1000; i++) {
            nodes.append(",{\"id\":\"n").append(i).append("\",\"type\":\"neg\",\"at\":[").append(240 * (i % 40))
                    .append(',').append(120 * (i / 40)).append("]}");
            wires.append(i == 1 ? "" : ",").append("{\"from\":[\"n").append(i - 1).append("\",0],\"to\":[\"n").append(i)
                    .append("\",0]}");
        }
        String document = "{\"format\":1,\"nodes\":[{\"id\":\"n0\",\"type\":\"tensor\",\"label\":\"x\",\"attrs\":"
                + "{\"data\":1,\"requires_grad\":true},\"at\":[0,0]}" + nodes + "],\"wires\":[" + wires + "]}";
        new Hands(page).open("/");
        page.evaluate("""
                async json => {
                  const again = [{ do: "forward" }, {}];
                  await backstep.load({ document: JSON.parse(json), calls: [{}, ...again, ...again, ...again, ...again],
                    step: 5000 });
                }""", document);
        page.locator("#events-toggle").click();
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step 5000 of 100\\d\\d"));
        assertThat(selectedRow(page)).hasCount(1);
        assertThat(selectedRow(page)).isInViewport();
        int rows = page.locator(".event-row").count();
        assertEquals(true, rows > 5 && rows < 60, rows + " rows");
        page.keyboard().press("Home");
        page.keyboard().press("Enter");
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step 1 of .*"));
        assertThat(selectedRow(page)).isInViewport();
    }
}
