package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The main job without a mouse, as an ear follows it. */
@ExtendWith(Playground.class)
class KeyboardIT {
    @Test
    void buildsConnectsRunsAndSteps(Page page) {
        Hands hands = new Hands(page).open("/");
        var said = page.locator("#announce");
        add(page, "parameter");
        add(page, "tanh");
        assertThat(page.locator(".node")).hasCount(2);
        page.locator("#canvas-view").focus();
        page.keyboard().press("Tab");
        assertThat(page.locator(".node:focus")).hasAttribute("aria-label", Pattern.compile("^x, torch.tensor.*"));
        page.keyboard().press("c");
        assertThat(said).hasText("Input input of tanh");
        page.keyboard().press("Enter");
        assertThat(said).hasText("Connected x to tanh");
        page.keyboard().press("F2");
        page.keyboard().type("[0, 1");
        page.keyboard().press("Enter");
        assertThat(page.locator(".node-input[aria-invalid=true]")).hasValue("[0, 1");
        page.keyboard().type("]");
        page.keyboard().press("Enter");
        assertThat(page.locator(".node-input")).hasCount(0);
        assertThat(page.locator(".node-typed")).hasText("[0, 1]");
        page.keyboard().press("Tab");
        assertThat(page.locator(".node:focus .node-name")).hasText("tanh");
        page.keyboard().press("Control+Enter");
        assertThat(page.locator("#step-count")).hasText(Pattern.compile("Step . of ."));
        page.locator("#seek").focus();
        page.keyboard().press("Home");
        assertThat(said).hasText(Pattern.compile("Step 0 of .*"));
        page.keyboard().press("ArrowRight");
        assertThat(said).hasText(Pattern.compile("Step 1 of .*: Forward: tanh.*"));
        page.keyboard().press("?");
        assertThat(page.locator("dialog .shortcuts").first()).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).hasCount(0);
        page.locator("#canvas-view").focus();
        page.keyboard().press("Control+a");
        page.keyboard().press("Delete");
        assertThat(page.locator(".node")).hasCount(0);
        page.keyboard().press("Control+z");
        assertThat(page.locator(".node")).hasCount(2);
        assertThat(hands.node("x")).isVisible();
    }

    private static void add(Page page, String words) {
        page.keyboard().press("/");
        page.keyboard().type(words);
        page.keyboard().press("Enter");
    }
}
