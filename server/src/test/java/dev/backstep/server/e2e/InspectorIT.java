package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.backstep.server.Playground;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the inspector answers: where numbers came from, why one is missing, what was refused, what is wrong. */
@ExtendWith(Playground.class)
class InspectorIT {
    private static final String PRODUCT = """
            {format: 1, nodes: [
              {id: "x", type: "tensor", label: "x", attrs: {data: [[1, 2, 3], [4, 5, 6]], requires_grad: true}},
              {id: "w", type: "tensor", label: "w", attrs: {data: [[1, 2], [3, 4], [5, 6]], requires_grad: true},
                at: [0, 200]},
              {id: "y", type: "matmul", label: "y", at: [260, 80]},
              {id: "z", type: "square", label: "z", at: [520, 80]},
              {id: "s", type: "sum", label: "s", at: [780, 80]}],
             wires: [{from: ["x", 0], to: ["y", 0]}, {from: ["w", 0], to: ["y", 1]}, {from: ["y", 0], to: ["z", 0]},
              {from: ["z", 0], to: ["s", 0]}]}""";

    private static Hands run(Page page, String document) {
        Hands hands = new Hands(page).open("/");
        page.evaluate("async () => { await backstep.load(" + document + "); await backstep.backward();"
                + " await backstep.seek(backstep.state().steps); }");
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step (\\d+) of \\1"));
        return hands;
    }

    private static Locator outgoing(Page page, int input) {
        return page.locator("[data-section=lens] [data-input='" + input + "'] .lens-grid.outgoing .grid");
    }

    @Test
    void whereANumberOfAGradientCameFrom(Playground.Visitors visitors) throws IOException {
        Page page = visitors.open();
        Hands hands = run(page, PRODUCT);
        hands.node("y").locator(".node-head").click();
        Locator part = page.locator("[data-section=lens] [data-input='0']");
        assertThat(part).containsText("dx[i,k] = Σⱼ dy[i,j]·w[k,j]");
        // Y = [[22, 28], [49, 64]], so dY = 2 Y; by the mouse: dx[0,1] = 44·3 + 56·4.
        outgoing(page, 0).locator(".grid-cell").nth(1).hover();
        assertThat(part.locator(".lens-sum")).containsText("dx[0,1] = dy[0,0]·w[1,0] + dy[0,1]·w[1,1]");
        assertThat(part.locator(".lens-sum")).containsText("= 44·3 + 56·4");
        assertThat(part.locator(".lens-sum")).containsText("= 356");
        assertThat(part.locator(".lens-grid.incoming .grid-cell.lit")).hasText(new String[] {"44", "56"});
        assertThat(part.locator(".lens-grid.local .grid-cell.lit")).hasText(new String[] {"3", "4"});
        // What is told stays for the hand that goes to its button.
        assertThat(part.locator(".lens-difference")).hasText("");
        part.locator(".lens-sum").getByRole(AriaRole.BUTTON).click();
        assertThat(part.locator(".lens-difference")).hasText(Pattern.compile("35[56].*✓"));
        // By the keyboard: the focus begins at the first number.
        outgoing(page, 1).focus();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("End");
        Locator sum = page.locator("[data-input='1'] .lens-sum");
        assertThat(sum).containsText("dw[1,1] = dy[0,1]·x[0,1] + dy[1,1]·x[1,1]");
        assertThat(sum).containsText("= 752");
        sum.getByRole(AriaRole.BUTTON).click();
        assertThat(sum.locator(".lens-difference")).hasText(Pattern.compile("75[12].*✓"));
        // What its node had saved is gone after it ran, and was there before.
        Locator saved = page.locator("[data-section=saved]");
        assertThat(saved).containsText("freed");
        saved.locator("summary").click();
        assertThat(saved.locator("[data-event='6']")).isVisible();
        page.evaluate("backstep.seek(2)");
        assertThat(saved).containsText("_saved_selfx · float32 [2, 3] · 24 B");
        page.locator("#last").click();
        // The choice and its answer stay while one steps; the lens is there from the step on in which the node ran.
        hands.go("back", 8);
        assertThat(sum).containsText("dw[1,1]");
        assertThat(sum.locator(".lens-difference")).hasText(Pattern.compile("75[12].*✓"));
        Looks.show(page, "inspector-lens");
    }

    @Test
    void whyAGradientIsNone(Page page) {
        Hands hands = run(page, """
                {format: 1, nodes: [
                  {id: "x", type: "tensor", label: "x", attrs: {data: 3, requires_grad: true}},
                  {id: "c", type: "tensor", label: "c", attrs: {data: 2}, at: [0, 200]},
                  {id: "a", type: "square", label: "a", at: [260, 0]},
                  {id: "d", type: "detach", label: "d", at: [520, 0]},
                  {id: "w", type: "tensor", label: "w", attrs: {data: 5, requires_grad: true}, at: [260, 200]},
                  {id: "y", type: "mul", label: "y", at: [780, 0]},
                  {id: "z", type: "add", label: "z", at: [1040, 0]}],
                 wires: [{from: ["x", 0], to: ["a", 0]}, {from: ["a", 0], to: ["d", 0]}, {from: ["d", 0], to: ["y", 0]},
                  {from: ["w", 0], to: ["y", 1]}, {from: ["y", 0], to: ["z", 0]}, {from: ["c", 0], to: ["z", 1]}]}""");
        page.locator("#fit").click();
        hands.node("c").locator(".node-head").click();
        assertThat(page.locator(".answer")).hasAttribute("data-why", "REQUIRES_GRAD_IS_FALSE");
        page.locator("[data-repair=REQUIRE_GRAD]").click();
        assertThat(hands.grad("c")).hasText("1");
        // In between: None, and the gradient that came by; kept from now on.
        hands.node("y").locator(".node-head").click();
        Locator gradient = page.locator("[data-section=grad-0]");
        assertThat(gradient).containsText(".grad None");
        assertThat(gradient.locator(".tensor-scalar")).hasText("1");
        page.locator("[data-repair=RETAIN_GRAD]").click();
        assertThat(gradient).not().containsText("None");
        // The way to what cuts it, and the cut taken out.
        hands.node("x").locator(".node-head").click();
        assertThat(page.locator(".answer")).containsText("only through d");
        assertThat(hands.node("d")).hasClass(Pattern.compile("\\bcause\\b"));
        assertThat(page.locator(".edge.lit")).hasCount(2);
        page.locator("[data-repair=BYPASS_DETACH]").click();
        assertThat(hands.grad("x")).hasText("30");
        assertThat(page.locator(".node.cause")).hasCount(0);
        page.locator("#undo").click();
        assertThat(hands.node("d")).isVisible();
    }

    @Test
    void whyBackwardRefused(Page page) {
        Hands hands = run(page, """
                {format: 1, nodes: [
                  {id: "x", type: "tensor", label: "x", attrs: {data: [0, 1], requires_grad: true}},
                  {id: "y", type: "exp", label: "y", at: [260, 0]},
                  {id: "z", type: "relu_", label: "z", at: [520, 0]},
                  {id: "s", type: "sum", label: "s", at: [780, 0]}],
                 wires: [{from: ["x", 0], to: ["y", 0]}, {from: ["y", 0], to: ["z", 0]},
                  {from: ["z", 0], to: ["s", 0]}]}""");
        Locator answer = page.locator("[data-why=WRITTEN_IN_PLACE]");
        assertThat(answer).containsText("modified by an inplace operation");
        assertThat(answer).containsText("Version 1 was written by z");
        answer.locator("[data-event='1']").click();
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step 2 of .*"));
        page.locator("#last").click();
        page.locator("[data-repair=OUT_OF_PLACE]").click();
        assertThat(hands.grad("x")).hasText("[1, 2.7183]");
        // A second backward finds what it needs freed.
        page.evaluate("async () => { await backstep.backward(); await backstep.seek(backstep.state().steps); }");
        assertThat(page.locator("[data-why=FREED]")).containsText("a second time");
        page.locator("[data-repair=RETAIN_GRAPH]").click();
        assertThat(page.locator("[data-why=FREED]")).hasCount(0);
        assertThat(hands.grad("x")).containsText("= [2, 5.4366]");
    }

    @Test
    void gradcheckOfANode(Playground.Visitors visitors) throws IOException {
        Page page = visitors.open(options -> options.setViewportSize(1280, 800).setColorScheme(ColorScheme.DARK));
        Hands hands = run(page, """
                {format: 1, nodes: [
                  {id: "x", type: "tensor", label: "x", attrs: {data: [1, 2, 3], requires_grad: true}},
                  {id: "y", type: "function", label: "y", at: [260, 0],
                    attrs: {name: "Cube", inputs: "x", forward: "x ** 3", backward: "g * 2 * x ** 2"}},
                  {id: "s", type: "sum", label: "s", at: [520, 0]}],
                 wires: [{from: ["x", 0], to: ["y", 0]}, {from: ["y", 0], to: ["s", 0]}]}""");
        hands.node("s").locator(".node-head").click();
        page.locator("[data-section=check] summary").click();
        page.locator("[data-field=check-gradcheck]").click();
        assertThat(page.locator(".verdict.good")).containsText("3 entries");
        // The derivative of a cube is not twice a square; the section stays open from node to node.
        hands.node("y").locator(".node-head").click();
        page.locator("[data-field=check-gradcheck]").click();
        assertThat(page.locator(".torch-words"))
                .containsText("Jacobian mismatch for output 0 with respect to input 0");
        assertThat(page.locator(".torch-words")).containsText("27.0000");
        page.locator("[data-field=check-compare]").click();
        assertThat(page.locator(".check-results .facts")).hasText(Pattern.compile("largest difference9.*✗"));
        Looks.show(page, "inspector-gradcheck-dark");
    }

    @Test
    void byTouchOnAPhone(Playground.Visitors visitors) throws IOException {
        Page page = visitors.open(options -> options.setViewportSize(360, 740).setDeviceScaleFactor(2).setHasTouch(true)
                .setIsMobile(true));
        Hands hands = run(page, PRODUCT);
        page.locator("#fit").tap();
        hands.node("y").tap();
        page.locator("#inspector-toggle").tap();
        outgoing(page, 0).locator(".grid-cell").nth(1).tap();
        assertThat(page.locator("[data-input='0'] .lens-sum")).containsText("= 356");
        assertEquals(360, page.evaluate("document.documentElement.scrollWidth"), "the page must not scroll sideways");
        Looks.show(page, "inspector-phone");
    }

    @Test
    void whatIsTypedIsTakenOverWhateverHappensMeanwhile(Page page) {
        Hands hands = run(page, """
                {format: 1, nodes: [
                  {id: "x", type: "tensor", label: "x", attrs: {data: [1, 2], requires_grad: true}},
                  {id: "s", type: "sum", label: "s", at: [260, 0]}],
                 wires: [{from: ["x", 0], to: ["s", 0]}]}""");
        hands.node("x").locator(".node-head").click();
        Locator field = page.locator("[data-field=label]");
        assertThat(field).hasValue("x");
        field.fill("renamed");
        page.evaluate("backstep.seek(1)");
        assertThat(page.locator("#step-count")).containsText("Step 1 of");
        page.waitForTimeout(300);
        assertThat(field).isFocused();
        field.press("Enter");
        assertThat(hands.node("renamed")).isVisible();
        page.evaluate("backstep.seek(0)");
        field.fill("again");
        page.evaluate("backstep.seek(1)");
        page.waitForTimeout(300);
        page.locator("#canvas-view").click(new Locator.ClickOptions().setPosition(5, 5));
        assertThat(hands.node("again")).isVisible();
    }

    @Test
    void aLargeTensorBehindAWindow(Page page) {
        Hands hands = run(page, """
                {format: 1, nodes: [
                  {id: "x", type: "tensor", label: "x", attrs: {requires_grad: true,
                    data: Array.from({length: 80}, (_, i) => Array.from({length: 60}, (_, j) => i * 60 + j))}},
                  {id: "s", type: "mean", label: "s", at: [260, 0]}],
                 wires: [{from: ["x", 0], to: ["s", 0]}]}""");
        hands.node("x").locator(".node-head").click();
        Locator value = page.locator("[data-section=value-0]");
        assertThat(value.locator(".histogram")).isVisible();
        assertThat(value.locator(".figure-row")).containsText("4799");
        Locator grid = value.locator(".grid");
        int cells = grid.locator(".grid-cell").count();
        assertEquals(true, cells < 80, "a screenful, not " + cells);
        grid.focus();
        page.keyboard().press("Control+End");
        assertThat(grid.locator(".grid-cell.chosen")).hasText("4799");
        assertThat(grid).hasAttribute("aria-rowcount", "80");
        // Another step makes the panel anew, and leaves the focus and the number where they are.
        page.evaluate("backstep.seek(1)");
        assertThat(grid.locator(".grid-cell.chosen")).hasText("4799");
        assertThat(grid).isFocused();
        page.keyboard().press("ArrowLeft");
        assertThat(grid.locator(".grid-cell.chosen")).hasText("4798");
        grid.evaluate("element => { element.scrollTop = 0; element.scrollLeft = 0; }");
        assertThat(grid.locator(".grid-cell").first()).hasText("0");
    }
}
