package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PyTorch's own graph beside the drawing, and how its gradients fare. */
@ExtendWith(Playground.class)
class AutogradIT {
    private static Locator fn(Page page, String name, String maker) {
        return page.locator(".fn").filter(new Locator.FilterOptions().setHasText(name))
                .filter(new Locator.FilterOptions().setHas(page.locator(".fn-by").getByText(maker,
                        new Locator.GetByTextOptions().setExact(true))));
    }

    @Test
    void showsTheGraphOfTheStepAndIsLinkedWithTheDrawing(Page page) {
        Hands hands = new Hands(page).open("/");
        page.locator("#view-autograd").click();
        assertThat(page.locator(".fn-empty")).containsText("Press Run");
        page.locator("#view-graph").click();
        hands.example("A neuron");
        hands.run();
        hands.node("product").locator(".node-head").click();
        page.locator("#view-autograd").click();
        assertThat(page.locator(".fn:visible")).hasCount(6);
        assertThat(page.locator(".fn-edge")).hasCount(5);
        Locator tanh = fn(page, "TanhBackward0", "made by y");
        Locator mul = fn(page, "MulBackward0", "made by product");
        assertThat(tanh.locator(".fn-row.output")).containsText("y [] 4 B");
        assertThat(mul.locator(".fn-row.saved").first()).hasText("_saved_selfx [] 4 B");
        assertThat(fn(page, "AccumulateGrad", "collects w.grad").locator(".fn-row.leaf")).containsText("w [] 4 B");
        // What is selected in the drawing is selected here, and the other way round.
        assertThat(mul).hasClass(Pattern.compile("\\bselected\\b"));
        tanh.click();
        assertThat(page.locator("[data-field=label]")).hasValue("y");
        assertThat(hands.node("y")).hasClass(Pattern.compile("\\bselected\\b"));

        // Backward runs node by node, and frees what each kept.
        assertThat(page.locator(".fn-status")).hasText("6 nodes · holds 12 B, at most 12 B");
        hands.go("forward", 5);
        assertThat(tanh.locator(".fn-mark")).hasText("runs now");
        assertThat(tanh.locator(".fn-fate")).hasText("freed at step 5");
        assertThat(mul.locator(".fn-fate")).hasText("");
        assertThat(page.locator(".fn-status")).hasText("6 nodes · holds 8 B, at most 12 B");
        hands.go("last", 10);
        assertThat(mul.locator(".fn-row.saved.gone")).hasCount(2);
        assertThat(page.locator(".fn.freed")).hasCount(2);
        assertThat(mul).hasAttribute("aria-label", Pattern.compile("MulBackward0, made by product, .*freed at step 8.*"));
        hands.go("first", 0);
        assertThat(page.locator(".fn:visible")).hasCount(0);
    }

    @Test
    void isWalkedWithTheKeyboard(Page page) {
        Hands hands = new Hands(page).open("/");
        hands.example("A neuron");
        hands.run();
        page.locator("#canvas-view").focus();
        page.keyboard().press("v");
        assertThat(page.locator("#view-autograd")).hasAttribute("aria-pressed", "true");
        page.locator(".autograd-view").focus();
        page.keyboard().press("Tab");
        assertThat(page.locator(".fn:focus .fn-name")).hasText("TanhBackward0");
        page.keyboard().press("ArrowDown");
        assertThat(page.locator(".fn:focus .fn-name")).hasText("AddBackward0");
        page.keyboard().press("ArrowDown");
        assertThat(page.locator(".fn:focus .fn-name")).hasText("MulBackward0");
        page.keyboard().press("ArrowRight");
        assertThat(page.locator(".fn:focus .fn-by")).hasText("collects b.grad");
        page.keyboard().press("ArrowUp");
        page.keyboard().press("Enter");
        assertThat(page.locator("#announce")).hasText("AddBackward0 belongs to sum");
        assertThat(page.locator("[data-field=label]")).hasValue("sum");
        page.keyboard().press("v");
        assertThat(hands.node("sum")).hasClass(Pattern.compile("\\bselected\\b"));
    }

    @Test
    void aDeepGraphIsReadAndFollowed(Page page) {
        Hands hands = new Hands(page).open("/");
        page.evaluate("""
                () => {
                  const nodes = [{id: "x", type: "tensor", label: "x", attrs: {data: 0.5, requires_grad: true}}];
                  const wires = [];
                  for (let i = 0; i < 25; i++) {
                    nodes.push({id: "t" + i, type: "tanh", label: "t" + i, at: [240 * i + 240, 0]});
                    wires.push({from: [i ? "t" + (i - 1) : "x", 0], to: ["t" + i, 0]});
                  }
                  return backstep.load({format: 1, nodes, wires});
                }""");
        hands.run();
        page.locator("#view-autograd").click();
        Locator view = page.locator(".autograd-view");
        Locator last = fn(page, "AccumulateGrad", "collects x.grad");
        double size = fn(page, "TanhBackward0", "made by t24").boundingBox().width;
        assertThat(last).not().isInViewport();
        page.locator("#last").click();
        assertThat(last).isInViewport();
        view.press("0");
        assertThat(last).isInViewport();
        assertEquals(size, fn(page, "TanhBackward0", "made by t0").boundingBox().width, 1, "as large as at first");
        view.press("0");
        assertThat(fn(page, "TanhBackward0", "made by t24")).isInViewport();
        assertThat(last).isInViewport();
    }

    @Test
    void growsASecondStorey(Page page) {
        Hands hands = new Hands(page).open("/");
        hands.example("A neuron");
        page.evaluate("backstep.backward({createGraph: true})");
        page.locator("#view-autograd").click();
        assertThat(page.locator(".fn.above:visible")).hasCount(0);
        hands.go("last", 10);
        Locator above = page.locator(".fn.above");
        assertThat(above).hasCount(6);
        assertThat(page.locator(".storey")).hasCount(2);
        assertThat(page.locator(".storey").last()).containsText("create_graph");
        assertThat(page.locator(".fn.freed")).hasCount(0);
        Locator copy = above.filter(new Locator.FilterOptions().setHasText("x.grad"));
        assertThat(copy.locator(".fn-name")).hasText("CopyBackwards");
        // The first press goes to what runs, where all would be small.
        page.locator(".autograd-view").press("0");
        page.locator(".autograd-view").press("0");
        copy.click();
        assertThat(fn(page, "AccumulateGrad", "collects x.grad")).hasClass(Pattern.compile("\\bselected\\b"));
        assertThat(page.locator("[data-field=label]")).hasValue("x");
    }

    @Test
    void tellsHowTheGradientsFare(Page page) {
        Hands hands = new Hands(page).open("/");
        page.evaluate("""
                backstep.load({format: 1, nodes: [
                  {id: "x", type: "tensor", label: "x", attrs: {data: [4, 0, -1], requires_grad: true}, at: [0, 0]},
                  {id: "r", type: "relu", label: "r", attrs: {}, at: [240, 0]},
                  {id: "q", type: "sqrt", label: "q", attrs: {}, at: [480, 0]},
                  {id: "s", type: "sum", label: "s", attrs: {}, at: [720, 0]}], wires: [
                  {from: ["x", 0], to: ["r", 0]}, {from: ["r", 0], to: ["q", 0]}, {from: ["q", 0], to: ["s", 0]}]})""");
        hands.run();
        hands.go("last", 8);
        assertThat(page.locator(".edge.norm")).hasCount(0);
        page.locator("#health").click();
        assertThat(page.locator(".edge.norm")).hasCount(3);
        assertThat(page.locator(".health-legend")).isVisible();
        assertThat(hands.node("r").locator(".node-health")).hasText("67% zero");
        assertThat(page.locator(".health-chart li")).hasCount(3);
        assertThat(page.locator(".problem")).hasText("The first inf is in a gradient, at q.");
        page.locator("[data-field=nonfinite]").click();
        assertThat(page.locator("#step-event")).hasText("SqrtBackward0 runs at q");
        page.keyboard().press("h");
        assertThat(page.locator(".edge.norm")).hasCount(0);
        assertThat(page.locator(".node-health")).hasCount(0);
    }
}
