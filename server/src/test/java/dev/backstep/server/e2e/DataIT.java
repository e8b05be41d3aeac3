package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.JSHandle;
import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Data of one's own, and layers that open into their parts. */
@ExtendWith(Playground.class)
class DataIT {
    private static final String CSV = """
            height,width,kind,weight
            1.5,2,a,10.5
            oops,3,b,11
            2,2.5,a,12.25
            3
            4,3.5,b,13
            2.5,1,b,9.5
            3,2,a,11.5
            """;

    private static void drop(Page page, String csv, double x, double y) {
        JSHandle data = page.evaluateHandle("text => { const data = new DataTransfer();"
                + " data.items.add(new File([text], 'own.csv', { type: 'text/csv' })); return data; }", csv);
        page.locator("#canvas-view").dispatchEvent("drop",
                Map.of("dataTransfer", data, "clientX", x, "clientY", y));
    }

    @Test
    void aDroppedTableNamesItsBadRowsAndFeedsALayer(Page page) throws IOException {
        Hands hands = new Hands(page).open("/");
        drop(page, CSV, 500, 400);
        assertThat(hands.node("data")).hasAttribute("aria-label", Pattern.compile(".*Table, 4 train, 1 test.*"));
        assertThat(page.locator(".data-problem-list li")).hasText(new String[] {
            "Line 3: height: \"oops\" is no number", "Line 5: 1 cells where 4 belong"});
        // The last column is the target unless somebody chooses another; its values are no classes.
        assertThat(page.locator("[data-field='target-3']")).isChecked();
        page.locator("[data-field='target-2']").check();
        assertThat(page.locator(".data-classes li")).hasText(new String[] {"a3", "b2"});
        assertThat(page.locator("[data-field='feature-3']")).isChecked();
        page.locator("[data-field='feature-3']").uncheck();
        assertThat(page.locator(".data-axes")).hasText("height × width");

        Looks.show(page, "data-table");

        hands.node("data").focus();
        page.locator("#palette-search").focus();
        page.keyboard().type("MLP");
        page.keyboard().press("Enter");
        assertThat(page.locator(".layer-preview")).hasText("MLP(2, 8, 8, 1, tanh)");
        Looks.show(page, "layer-dialog");
        page.keyboard().type("2, 4, 0");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog .form-error")).hasText(Pattern.compile(".*whole number.*"));
        page.keyboard().press("Backspace");
        page.keyboard().type("1");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog")).hasCount(0);
        var frame = page.locator(".frame.layer");
        assertThat(frame).isFocused();
        assertThat(frame).hasAttribute("aria-label", Pattern.compile("Frame mlp1, 7 nodes, MLP\\(2, 4, 1, tanh\\)"));
        assertThat(frame.locator(".port")).hasCount(2);
        assertThat(hands.node("mlp1.0.linear")).isHidden();
        hands.run();
        frame.locator(".frame-toggle").click();
        assertThat(hands.node("mlp1.0.weight")).isVisible();
        assertThat(hands.node("mlp1.2.linear")).hasAttribute("aria-label", Pattern.compile(".*\\[4, 1\\].*"));
        page.locator("[data-field=frozen]").check();
        assertThat(page.locator(".frame .frame-frozen")).isVisible();
        page.keyboard().press("Control+z");
        page.keyboard().press("Control+z");
        page.keyboard().press("Control+z");
        assertThat(page.locator(".frame")).hasCount(0);
        assertThat(page.locator(".node")).hasCount(1);
    }

    @Test
    void digitsComeWhenTheyAreNeeded(Page page) {
        Hands hands = new Hands(page).open("/");
        page.locator("#palette-search").fill("data");
        page.locator("#palette-search").press("Enter");
        assertThat(hands.node("data")).hasAttribute("aria-label", Pattern.compile(".*XOR, 160 train, 40 test.*"));
        page.locator("[data-field=source]").selectOption("digits");
        assertThat(hands.node("data")).hasAttribute("aria-label", Pattern.compile(
                ".*float32 \\[32, 64\\].*Digits, 1438 train, 359 test.*"));
        assertThat(page.locator(".node.failed")).hasCount(0);
    }
}
