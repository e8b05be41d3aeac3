package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.backstep.server.Playground;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What nodes and wires show, the pictures' one scale, the overview, and what is left when one zooms far out. */
@ExtendWith(Playground.class)
class SceneIT {
    /** relu(x @ w) summed: values up to 0.6 in size and 1 and more in gradient, each a matrix of 4 x 4. */
    private static final String MATRICES = """
            { "format": 1, "nodes": [
              { "id": "x", "type": "tensor", "label": "x", "at": [0, 0], "attrs": { "data":
                [[0.1, -0.2, 0.3, 0.4], [0.5, 0.6, -0.6, 0.1], [0.2, 0.1, 0.3, 0.2], [0.1, 0.2, 0.1, 0.4]] } },
              { "id": "w", "type": "tensor", "label": "w", "at": [0, 160], "attrs": { "requires_grad": true, "data":
                [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.6, 0.1], [0.2, 0.1, 0.3, 0.2], [0.1, 0.2, 0.1, 0.4]] } },
              { "id": "m", "type": "matmul", "label": "m", "at": [260, 80] },
              { "id": "s", "type": "sum", "label": "s", "at": [520, 80] } ],
              "wires": [ { "from": ["x", 0], "to": ["m", 0] }, { "from": ["w", 0], "to": ["m", 1] },
                { "from": ["m", 0], "to": ["s", 0] } ], "target": ["s", 0] }""";

    private static Hands load(Page page, String document) {
        Hands hands = new Hands(page).open("/");
        page.evaluate("document => backstep.load(document)", document);
        return hands;
    }

    @Test
    void picturesShareOneScaleWhichTheLegendTells(Page page) {
        Hands hands = load(page, MATRICES);
        Locator legend = page.locator(".heat-legend");
        assertThat(legend).isHidden();
        page.evaluate("() => backstep.forward()");
        assertThat(hands.node("x").locator(".node-heat.value")).hasCount(1);
        assertThat(hands.node("s").locator(".node-heat")).hasCount(0);
        // The largest value is 0.6.
        assertThat(legend).hasAttribute("aria-label", Pattern.compile(".*value from −1 to 1$"));
        page.evaluate("() => backstep.backward({}).then(() => backstep.seek(100))");
        assertThat(hands.node("w").locator(".node-heat.grad")).hasCount(1);
        assertThat(hands.node("x").locator(".node-heat.grad")).hasCount(0);
        // The largest gradient is 1.1, the sum of x's second column.
        assertThat(legend).hasAttribute("aria-label", Pattern.compile(".*value from −1 to 1; grad from −2 to 2$"));
        // Equal numbers have equal colours on different nodes: 0.1 in the corner of x and of w.
        assertEquals(corner(page, "x"), corner(page, "w"));
        assertThat(page.locator(".edge-shape").first()).hasText("[4, 4]");
        assertThat(page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName("Wire from x to m, [4, 4]")))
                .hasCount(1);
    }

    /** The upper left pixel of a node's picture, as the browser decodes it. */
    private static Object corner(Page page, String node) {
        return page.evaluate("""
                async (node) => {
                  const heat = document.querySelector(`[data-node=${node}] .node-heat.value`);
                  const image = new Image();
                  image.src = heat.style.backgroundImage.slice(5, -2);
                  await image.decode();
                  const canvas = document.createElement("canvas");
                  const context = canvas.getContext("2d");
                  context.drawImage(image, 0, 0);
                  return [...context.getImageData(0, 0, 1, 1).data].join();
                }""", node);
    }

    @Test
    void badgesSayWhatAutogradKnows(Page page) {
        Hands hands = new Hands(page).open("/");
        hands.example("no_grad");
        page.evaluate("() => backstep.seek(100)");
        badge(hands, "x", "leaf", "its .grad is kept");
        badge(hands, "x", "∂", "requires_grad");
        badge(hands, "detached", "detached", "gradients stop here");
        badge(hands, "unrecorded", "no_grad", "Computed under no_grad");
        badge(hands, "sum", "L", "Backward starts here");
        hands.example("retain_grad");
        page.evaluate("() => backstep.seek(100)");
        badge(hands, "kept", "retain", "retains_grad");
        assertThat(hands.node("not_kept").locator(".badge.retains")).hasCount(0);
        hands.example("in place");
        page.evaluate("() => backstep.seek(100)");
        badge(hands, "y", "v1", "Version 1");
        assertThat(page.locator(".node.failed .badge.failed")).hasCount(1);
        assertThat(page.locator(".node.failed .node-error")).containsText("inplace operation");
    }

    private static void badge(Hands hands, String node, String text, String meaning) {
        Locator badge = hands.node(node).locator(".badge")
                .getByText(text, new Locator.GetByTextOptions().setExact(true));
        assertThat(badge).hasAttribute("title", Pattern.compile(".*" + meaning + ".*"));
        assertThat(hands.node(node)).hasAttribute("aria-label", Pattern.compile(".*" + meaning + ".*"));
    }

    @Test
    void overviewMovesTheView(Page page) {
        Hands hands = load(page, MATRICES);
        Locator map = page.locator(".minimap-map");
        assertThat(map).hasAttribute("aria-label", Pattern.compile("^Overview.*"));
        double before = Hands.middle(hands.node("m"))[0];
        map.focus();
        page.keyboard().press("ArrowRight");
        assertEquals(before - 80, Hands.middle(hands.node("m"))[0], 1.5);
        double[] middle = Hands.middle(map);
        page.mouse().move(middle[0], middle[1]);
        page.mouse().down();
        double[] canvas = Hands.middle(page.locator("#canvas-view"));
        // The middle of the map is the middle of all nodes: between x and s.
        assertEquals(canvas[0], (Hands.middle(hands.node("x"))[0] + Hands.middle(hands.node("s"))[0]) / 2, 3);
        page.mouse().move(middle[0] - 30, middle[1]);
        page.mouse().up();
        assertTrue(Hands.middle(hands.node("m"))[0] > canvas[0] + 60);
        page.locator(".minimap-fold").click();
        assertThat(map).isHidden();
        assertThat(page.locator(".minimap-fold")).hasAttribute("aria-expanded", "false");
        page.setViewportSize(360, 740);
        assertThat(page.locator(".minimap")).isHidden();
    }

    @Test
    void farOutNodesAreBoxesAndNothingIsLostToTheEar(Page page) {
        Hands hands = load(page, MATRICES);
        page.evaluate("() => backstep.forward()");
        assertThat(hands.node("m").locator(".node-far")).isHidden();
        Object near = names(page);
        for (int i = 0; i < 8; i++) {
            page.locator("#zoom-out").click();
        }
        assertThat(hands.node("m").locator(".node-far")).isVisible();
        assertEquals(near, names(page));
        // Typing into a leaf by keyboard brings its field back.
        page.locator("#canvas-view").focus();
        page.keyboard().press("Tab");
        page.keyboard().press("F2");
        assertThat(page.locator("[data-node=w] .node-input")).isFocused();
        page.keyboard().press("Escape");
        Object scale = page.evaluate("getComputedStyle(document.querySelector('.content')).transform");
        page.keyboard().press("0");
        assertThat(hands.node("m").locator(".node-far")).isHidden();
        assertNotEquals(scale, page.evaluate("getComputedStyle(document.querySelector('.content')).transform"));
    }

    /** Roles and names of nodes, ports and wires, as assistive technology is told. */
    private static Object names(Page page) {
        StringBuilder names = new StringBuilder();
        for (AriaRole role : new AriaRole[] {AriaRole.GROUP, AriaRole.BUTTON, AriaRole.IMG}) {
            Locator found = page.locator("#canvas-view").getByRole(role);
            names.append(found.evaluateAll("all => all.map(element => element.getAttribute('aria-label'))"));
        }
        return names.toString();
    }
}
