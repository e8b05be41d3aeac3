package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import java.util.regex.Pattern;

/** What a person does on the playground's page with the mouse, and reads off it. */
final class Hands {
    private final Page page;

    Hands(Page page) {
        this.page = page;
    }

    /** Goes to an address and waits until one can work. */
    Hands open(String address) {
        page.navigate(address);
        assertThat(page.locator("#loading")).isHidden();
        return this;
    }

    /** Drags an entry of the palette to a point of the page, and waits for its node. */
    void drop(String entry, double x, double y) {
        Locator item = page.locator(".palette-item[data-type='" + entry + "']");
        item.scrollIntoViewIfNeeded();
        int before = page.locator(".node").count();
        BoundingBox box = item.boundingBox();
        drag(box.x + 14, box.y + box.height / 2, x, y);
        assertThat(page.locator(".node")).hasCount(before + 1);
    }

    /** Drags from a node's output to an input of another. */
    void connect(String from, String to, int input) {
        double[] start = middle(port(from, "out:0"));
        double[] end = middle(port(to, "in:" + input));
        drag(start[0], start[1], end[0], end[1]);
    }

    private void drag(double x1, double y1, double x2, double y2) {
        page.mouse().move(x1, y1);
        page.mouse().down();
        page.mouse().move((x1 + x2) / 2, (y1 + y2) / 2, new Mouse.MoveOptions().setSteps(4));
        page.mouse().move(x2, y2, new Mouse.MoveOptions().setSteps(4));
        page.mouse().up();
    }

    static double[] middle(Locator locator) {
        BoundingBox box = locator.boundingBox();
        return new double[] {box.x + box.width / 2, box.y + box.height / 2};
    }

    Locator node(String label) {
        return page.locator(".node").filter(new Locator.FilterOptions()
                .setHas(page.locator(".node-name").getByText(label, new Locator.GetByTextOptions().setExact(true))));
    }

    /** @param port {@code in:0}, {@code out:0} ... */
    Locator port(String label, String port) {
        return node(label).locator("[data-port='" + port + "']");
    }

    /** Types a value into a leaf, on the canvas. */
    void type(String label, String value) {
        node(label).locator(".node-typed").click();
        Locator field = node(label).locator(".node-input");
        field.fill(value);
        field.press("Enter");
    }

    /** Renames a node in the inspector. */
    void rename(String label, String newLabel) {
        node(label).locator(".node-head").click();
        Locator field = page.locator("[data-field=label]");
        assertThat(field).hasValue(label);
        field.fill(newLabel);
        field.press("Enter");
        assertThat(node(newLabel)).isVisible();
    }

    Locator grad(String label) {
        return node(label).locator(".node-row.grad .node-row-text");
    }

    void run() {
        page.locator("#run").click();
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step \\d+ of \\d+"));
    }

    /** Where one stands, read off the timeline. */
    int step() {
        return Integer.parseInt(page.locator("#step-count").textContent().split(" ")[1]);
    }

    int steps() {
        return Integer.parseInt(page.locator("#step-count").textContent().split(" ")[3]);
    }

    /** Presses a button of the timeline and waits for the step it leads to. */
    void go(String button, int step) {
        page.locator("#" + button).click();
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step " + step + " of .*"));
    }

    /** What {@code window.backstep} tells, as text. */
    String state() {
        return (String) page.evaluate("JSON.stringify(backstep.state())");
    }

    String document() {
        return (String) page.evaluate("JSON.stringify(backstep.document())");
    }

    /** Opens the example of that title from the menu. */
    void example(String title) {
        String before = document();
        page.locator("#examples").click();
        page.locator(".menu-item").filter(new Locator.FilterOptions().setHasText(title)).first().click();
        page.waitForCondition(() -> !document().equals(before));
        assertThat(page.locator(".node").first()).isVisible();
    }
}
