package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.MouseButton;
import com.microsoft.playwright.options.ReducedMotion;
import dev.backstep.server.Playground;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Editing on the canvas, by mouse, by keyboard alone, and by touch. What it leads to is read off the document. */
@ExtendWith(Playground.class)
class EditingIT {
    /** x feeds t and m, t feeds m; e stands alone below. */
    private static final String TRIANGLE = """
            { format: 1,
              nodes: [
                { id: "n1", type: "tensor", label: "x", attrs: { data: 2, requires_grad: true }, at: [0, 0] },
                { id: "n2", type: "tanh", label: "t", at: [420, 0] },
                { id: "n3", type: "exp", label: "e", at: [200, 260] },
                { id: "n4", type: "mul", label: "m", at: [700, 140] } ],
              wires: [ { from: ["n1", 0], to: ["n2", 0] }, { from: ["n2", 0], to: ["n4", 0] },
                       { from: ["n1", 0], to: ["n4", 1] } ] }""";

    private static Hands open(Page page) {
        Hands hands = new Hands(page).open("/");
        page.evaluate("async () => { await backstep.ready; await backstep.load(" + TRIANGLE + ") }");
        assertThat(page.locator(".node")).hasCount(4);
        return hands;
    }

    /** The wires as text, {@code x>t t>m x>m}, sorted. */
    private static String wires(Page page) {
        return (String) page.evaluate("""
                () => {
                  const { nodes, wires = [] } = backstep.document();
                  const label = id => nodes.find(node => node.id === id).label;
                  return wires.map(wire => label(wire.from[0]) + ">" + label(wire.to[0])).sort().join(" ");
                }""");
    }

    private static List<?> places(Page page) {
        return (List<?>) page.evaluate("backstep.document().nodes.map(node => node.at)");
    }

    private static void drag(Page page, double[] from, double[] to) {
        page.mouse().move(from[0], from[1]);
        page.mouse().down();
        page.mouse().move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, new Mouse.MoveOptions().setSteps(3));
        page.mouse().move(to[0], to[1], new Mouse.MoveOptions().setSteps(3));
        page.mouse().up();
    }

    private static double[] head(Hands hands, String label) {
        return Hands.middle(hands.node(label).locator(".node-head"));
    }

    /** The middle of the wire between two nodes that stand side by side. */
    private static double[] between(Hands hands, String from, String to) {
        double[] start = Hands.middle(hands.port(from, "out:0"));
        double[] end = Hands.middle(hands.port(to, "in:0"));
        return new double[] {(start[0] + end[0]) / 2, (start[1] + end[1]) / 2};
    }

    private static Locator item(Page page, String name) {
        return exactly(page.locator(".menu:popover-open .menu-item > span"), name);
    }

    private static Locator exactly(Locator locator, String text) {
        return locator.getByText(text, new Locator.GetByTextOptions().setExact(true));
    }

    /** Whether what is drawn is the document: every node once, after all that feed it, and every wire. */
    private static void assertDrawn(Page page) {
        assertEquals(true, page.evaluate("""
                () => {
                  const { nodes, wires = [] } = backstep.document();
                  const drawn = [...document.querySelectorAll(".nodes > .node")].map(node => node.dataset.node);
                  const ids = nodes.filter(node => node.type !== "frame" && node.type !== "comment").map(node => node.id);
                  const edges = [...document.querySelectorAll(".edge")].map(edge => edge.dataset.edge);
                  return drawn.toSorted().join() === ids.toSorted().join()
                    && wires.every(({ from, to }) => drawn.indexOf(from[0]) < drawn.indexOf(to[0]))
                    && wires.map(({ to }) => to.join(":")).toSorted().join() === edges.toSorted().join();
                }"""));
    }

    private static Locator search(Page page) {
        return page.locator(".search-menu:popover-open");
    }

    @Test
    void whatIsAddedIsNeverHiddenInACollapsedFrame(Page page) {
        open(page);
        page.evaluate("""
                () => backstep.load({ format: 1, nodes: [
                    { id: "n1", type: "tensor", label: "x", attrs: { data: 2 }, at: [0, 0] },
                    { id: "n2", type: "frame", label: "f", attrs: { members: ["n1"], collapsed: true }, at: [0, 0] } ] })""");
        // Where one looks, which is where the frame is: once from the palette, once with the focus on a node.
        for (String type : List.of("exp", "tanh")) {
            page.keyboard().press("/");
            page.keyboard().type(type);
            page.keyboard().press("Enter");
            assertThat(page.locator(".node.selected")).containsText(type);
            assertThat(page.locator(".node.selected")).isVisible();
            page.keyboard().press("Escape");
        }
        assertEquals(List.of("n1"), page.evaluate("() => backstep.document().nodes[1].attrs.members"));
    }

    @Test
    void mouseAddsWhatFits(Page page) throws IOException {
        Hands hands = new Hands(page).open("/");
        page.mouse().dblclick(500, 250);
        page.keyboard().type("param");
        page.keyboard().press("Enter");
        assertThat(hands.node("x")).isVisible();
        double[] port = Hands.middle(hands.port("x", "out:0"));
        drag(page, port, new double[] {port[0] + 160, port[1] + 120});
        assertThat(search(page)).isVisible();
        Looks.show(page, "search-menu");
        // A leaf has no input, so none is offered behind an output.
        assertThat(search(page).getByRole(AriaRole.OPTION).getByText("Parameter")).hasCount(0);
        exactly(search(page).getByRole(AriaRole.OPTION), "tanh").click();
        assertEquals("x>tanh", wires(page));
        BoundingBox input = hands.port("tanh", "in:0").boundingBox();
        assertEquals(port[1] + 120, input.y + input.height / 2, 2, "the port lies where the wire was let go");
        page.keyboard().press("Control+z");
        assertThat(page.locator(".node")).hasCount(1);
        // Click a port, then the ground; and backwards from an input.
        page.keyboard().press("Control+Shift+z");
        page.mouse().click(port[0], port[1]);
        page.mouse().click(port[0] + 160, port[1] - 100);
        assertThat(search(page)).isVisible();
        page.keyboard().press("Escape");
        assertThat(search(page)).hasCount(0);
        assertEquals("x>tanh", wires(page));
    }

    @Test
    void mouseInsertsAndCuts(Page page) {
        Hands hands = open(page);
        double[] wire = between(hands, "x", "t");
        double dx = wire[0] - Hands.middle(hands.node("e"))[0];
        double dy = Hands.middle(hands.node("x"))[1] - Hands.middle(hands.node("e"))[1];
        double[] grip = head(hands, "e");
        page.mouse().move(grip[0], grip[1]);
        page.mouse().down();
        page.mouse().move(grip[0] + 20, grip[1] - 20, new Mouse.MoveOptions().setSteps(3));
        page.mouse().move(grip[0] + dx, grip[1] + dy + 3, new Mouse.MoveOptions().setSteps(4));
        assertThat(page.locator(".edge[data-drop]")).hasCount(1);
        assertThat(page.locator(".snap-line").first()).isAttached();
        page.mouse().up();
        assertThat(page.locator(".edge[data-drop]")).hasCount(0);
        assertEquals("e>t t>m x>e x>m", wires(page));
        page.keyboard().press("Control+z");
        assertEquals("t>m x>m x>t", wires(page));
        page.keyboard().down("Alt");
        page.mouse().click(wire[0], wire[1]);
        assertEquals("t>m x>m", wires(page));
        page.keyboard().up("Alt");
        page.keyboard().press("Control+z");
        assertEquals("t>m x>m x>t", wires(page));
        page.keyboard().down("Alt");
        drag(page, new double[] {wire[0] + 60, wire[1] - 80}, new double[] {wire[0] + 80, wire[1] + 160});
        page.keyboard().up("Alt");
        assertEquals("t>m", wires(page));
        page.keyboard().press("Control+z");
        assertEquals("t>m x>m x>t", wires(page));
        assertDrawn(page);
    }

    @Test
    void undoInTheMiddleOfADragEndsIt(Page page) {
        Hands hands = open(page);
        double[] grip = head(hands, "e");
        drag(page, grip, new double[] {grip[0] + 200, grip[1]});
        List<?> moved = places(page);
        grip = head(hands, "e");
        page.mouse().move(grip[0], grip[1]);
        page.mouse().down();
        page.mouse().move(grip[0] + 60, grip[1] + 60, new Mouse.MoveOptions().setSteps(3));
        page.keyboard().press("Control+z");
        page.mouse().move(grip[0] + 90, grip[1] + 90, new Mouse.MoveOptions().setSteps(3));
        page.mouse().up();
        assertEquals("[[0, 0], [420, 0], [200, 260], [700, 140]]", places(page).toString());
        page.keyboard().press("Control+Shift+z");
        assertEquals(moved, places(page));
        assertDrawn(page);
    }

    @Test
    void mouseSelectsCopiesAndAligns(Playground.Visitors visitors) {
        Page page = visitors.open(options -> options.setViewportSize(1280, 800).setReducedMotion(ReducedMotion.REDUCE));
        Hands hands = open(page);
        BoundingBox first = hands.node("x").boundingBox();
        BoundingBox second = hands.node("t").boundingBox();
        page.keyboard().down("Shift");
        drag(page, new double[] {first.x - 14, first.y - 14}, new double[] {second.x + 20, second.y + 60});
        page.keyboard().up("Shift");
        assertThat(page.locator(".node.selected")).hasCount(2);
        page.keyboard().press("Control+c");
        page.mouse().move(first.x + 40, first.y + 300);
        page.keyboard().press("Control+v");
        assertThat(page.locator(".node")).hasCount(6);
        assertEquals("t>m x2>t2 x>m x>t", wires(page));
        page.keyboard().press("Control+z");
        page.mouse().click(head(hands, "e")[0], head(hands, "e")[1]);
        page.keyboard().press("Control+a");
        page.mouse().click(head(hands, "e")[0], head(hands, "e")[1], new Mouse.ClickOptions().setButton(
                MouseButton.RIGHT));
        item(page, "Align").click();
        item(page, "Top edges").click();
        assertEquals("[[0, 0], [420, 0], [200, 0], [700, 0]]", places(page).toString());
        // Another tab of the same reader takes what was copied here, and so does a text editor.
        page.keyboard().press("Control+x");
        assertThat(page.locator(".node")).hasCount(0);
        Page other = visitors.tab(page);
        new Hands(other).open("/?embed");
        other.locator("#canvas-view").focus();
        other.keyboard().press("Control+v");
        assertThat(other.locator(".node")).hasCount(4);
        assertEquals("t>m x>m x>t", wires(other));
        assertDrawn(other);
    }

    @Test
    void laysOutInAWorkerAsOneStep(Playground.Visitors visitors) {
        Page page = visitors.open(options -> options.setViewportSize(1280, 800).setReducedMotion(ReducedMotion.REDUCE));
        Hands hands = open(page);
        String before = hands.document();
        page.locator("#layout").click();
        assertThat(page.locator("#announce")).hasText("Laid out 4 nodes");
        assertNotEquals(before, hands.document());
        assertEquals("t>m x>m x>t", wires(page));
        // Layers from left to right: each wire leads to the right, and nothing lies on anything.
        assertEquals(true, page.evaluate("""
                () => {
                  const { nodes, wires } = backstep.document();
                  const at = id => nodes.find(node => node.id === id).at;
                  const apart = (a, b) => Math.abs(a[0] - b[0]) >= 176 || Math.abs(a[1] - b[1]) >= 100;
                  return wires.every(wire => at(wire.from[0])[0] + 176 < at(wire.to[0])[0])
                    && nodes.every(a => nodes.every(b => a === b || apart(a.at, b.at)));
                }"""));
        page.keyboard().press("Control+z");
        assertEquals(before, hands.document());
    }

    @Test
    void framesHoldWhatIsDroppedIntoThem(Page page) throws IOException {
        Hands hands = open(page);
        page.keyboard().down("Shift");
        for (String label : List.of("t", "m")) {
            double[] grip = head(hands, label);
            page.mouse().click(grip[0], grip[1]);
        }
        page.keyboard().up("Shift");
        page.keyboard().press("Control+g");
        page.keyboard().type("gate");
        page.keyboard().press("Enter");
        assertThat(page.locator(".frame .frame-name")).hasText("gate");
        assertEquals("n2 n4", members(page));
        page.locator(".frame-toggle").click();
        assertThat(hands.node("t")).isHidden();
        // Wires from x cross the border at t and at m; none leaves.
        assertThat(page.locator(".frame .port.in")).hasCount(2);
        assertThat(page.locator(".frame .port.out")).hasCount(0);
        assertThat(page.locator(".edge:not([data-folded])")).hasCount(2);
        List<?> before = places(page);
        double[] name = Hands.middle(page.locator(".frame-name"));
        drag(page, name, new double[] {name[0] + 30, name[1] + 60});
        assertNotEquals(before, places(page));
        page.keyboard().press("Control+z");
        assertEquals(before, places(page));
        page.locator(".frame-toggle").click();
        assertThat(hands.node("t")).isVisible();
        double[] grip = head(hands, "e");
        // Above m there is room in the frame, and no wire.
        double zoom = hands.node("m").boundingBox().width / 176;
        double[] inside = head(hands, "m");
        drag(page, grip, new double[] {inside[0] + 12 * zoom, inside[1] - 150 * zoom});
        assertEquals("n2 n4 n3", members(page));
        grip = head(hands, "e");
        drag(page, grip, new double[] {grip[0] - 60, grip[1] + 420 * zoom});
        assertEquals("n2 n4", members(page));
        double[] head = Hands.middle(page.locator(".frame-name"));
        page.mouse().click(head[0], head[1], new Mouse.ClickOptions().setButton(MouseButton.RIGHT));
        Looks.show(page, "frame-menu");
        item(page, "Run under no_grad").click();
        assertThat(page.locator(".frame .badge.no-grad")).isVisible();
        Looks.show(page, "frame");
        page.locator("#run").click();
        assertThat(hands.node("m").locator(".node-error")).containsText("does not require grad");
        page.locator("#canvas-view").focus();
        page.keyboard().press("Control+Shift+g");
        assertThat(page.locator(".frame")).hasCount(0);
        assertEquals("t>m x>m x>t", wires(page));
        assertDrawn(page);
    }

    private static String members(Page page) {
        return (String) page.evaluate(
                "backstep.document().nodes.find(node => node.type === 'frame').attrs.members.join(' ')");
    }

    @Test
    void commentsAreWrittenInTheirPlace(Page page) {
        new Hands(page).open("/");
        page.mouse().dblclick(500, 250);
        page.keyboard().type("comment");
        page.keyboard().press("Enter");
        page.keyboard().type("First line\nsecond");
        page.keyboard().press("Control+Enter");
        assertThat(page.locator(".comment-text")).hasText("First line\nsecond");
        page.keyboard().press("F2");
        page.keyboard().type("other");
        page.keyboard().press("Escape");
        assertThat(page.locator(".comment-text")).hasText("First line\nsecond");
        double[] place = Hands.middle(page.locator(".comment"));
        page.mouse().dblclick(place[0], place[1]);
        page.keyboard().type("another");
        page.mouse().click(900, 500);
        assertThat(page.locator(".comment-text")).hasText("another");
        page.keyboard().press("Control+z");
        assertThat(page.locator(".comment-text")).hasText("First line\nsecond");
    }

    @Test
    void keyboardAlone(Page page) {
        Hands hands = new Hands(page).open("/");
        var said = page.locator("#announce");
        page.locator("#canvas-view").focus();
        page.keyboard().press("Space");
        assertThat(search(page)).isVisible();
        page.keyboard().type("param");
        page.keyboard().press("Enter");
        assertThat(page.locator(".node:focus .node-name")).hasText("x");
        // Connect to something new: / offers what fits.
        page.keyboard().press("c");
        page.keyboard().press("/");
        page.keyboard().type("exp");
        page.keyboard().press("Enter");
        assertEquals("x>exp", wires(page));
        page.keyboard().press("Control+a");
        page.keyboard().press("Control+d");
        assertThat(said).hasText("Added 2 nodes");
        assertEquals("x2>exp2 x>exp", wires(page));
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Shift+ArrowRight");
        page.keyboard().press("Shift+F10");
        page.keyboard().press("End");
        assertThat(page.locator(".menu-item:focus")).containsText("Delete");
        page.keyboard().press("Enter");
        assertThat(page.locator(".node")).hasCount(2);
        page.keyboard().press("Control+z");
        assertThat(page.locator(".node")).hasCount(4);
        page.keyboard().press("Control+y");
        assertThat(page.locator(".node")).hasCount(2);
        assertDrawn(page);
        page.locator("#canvas-view").focus();
        page.keyboard().press("Tab");
        assertThat(page.locator(".node:focus .node-name")).hasText("x");
        page.keyboard().press("Enter");
        assertThat(page.locator("#inspector :focus")).hasCount(1);
        page.locator("#canvas-view").focus();
        page.keyboard().press("?");
        assertThat(page.locator("dialog .shortcuts").first()).isVisible();
        assertTrue(page.locator("dialog .shortcuts dt").count() > 30);
    }

    @Test
    void touchOnAPhone(Playground.Visitors visitors) {
        Page page = visitors.open(options -> options.setViewportSize(360, 740).setDeviceScaleFactor(2).setHasTouch(true)
                .setIsMobile(true));
        Hands hands = new Hands(page).open("/");
        Fingers fingers = new Fingers(page);
        page.locator("#palette-toggle").tap();
        page.locator(".palette-item[data-type='palette.parameter']").tap();
        assertThat(hands.node("x")).isVisible();
        double[] grip = head(hands, "x");
        fingers.drag(grip, new double[] {grip[0] - 40, grip[1] - 160});
        assertEquals(grip[1] - 160, head(hands, "x")[1], 2);
        fingers.tap(Hands.middle(hands.port("x", "out:0")));
        fingers.tap(new double[] {150, 470});
        exactly(search(page).getByRole(AriaRole.OPTION), "tanh").tap();
        assertEquals("x>tanh", wires(page));
        // Wires are tapped, and removed by the menu of a long press.
        double[] out = Hands.middle(hands.port("x", "out:0"));
        double[] in = Hands.middle(hands.port("tanh", "in:0"));
        fingers.pressLong(new double[] {(out[0] + in[0]) / 2, (out[1] + in[1]) / 2});
        item(page, "Remove wire").tap();
        assertEquals("", wires(page));
        fingers.pinch(new double[] {100, 560}, new double[] {140, 560},
                new double[] {280, 560}, new double[] {240, 560});
        assertThat(page.locator("#zoom-level")).hasText(Pattern.compile("5\\d%"));
        // Ports small on the screen are still met: one tap beside each connects them.
        out = Hands.middle(hands.port("x", "out:0"));
        in = Hands.middle(hands.port("tanh", "in:0"));
        fingers.tap(new double[] {out[0] + 9, out[1] + 6});
        fingers.tap(new double[] {in[0] - 9, in[1] - 6});
        assertEquals("x>tanh", wires(page));
        page.locator("#select-several").tap();
        fingers.tap(head(hands, "x"));
        fingers.tap(head(hands, "tanh"));
        page.locator("#select-several").tap();
        fingers.pressLong(head(hands, "tanh"));
        item(page, "Delete").tap();
        assertThat(page.locator(".node")).hasCount(0);
        assertEquals(360, page.evaluate("document.documentElement.scrollWidth"));
    }
}
