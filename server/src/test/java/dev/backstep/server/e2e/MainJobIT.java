package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From an empty canvas to a shared gradient, with the mouse: tanh(x * w + b). */
@ExtendWith(Playground.class)
class MainJobIT {
    @ParameterizedTest
    @ValueSource(strings = {"/", "/?engine=js"})
    void buildsRunsStepsAndShares(String address, Playground.Visitors visitors) {
        Page page = visitors.open();
        Hands hands = new Hands(page).open(address);
        build(hands, page);
        List<String> seen = stepForwardAndBack(hands, page);
        undoAndRedo(hands, page);
        share(hands, page, visitors, address, seen);
    }

    private static void build(Hands hands, Page page) {
        hands.drop("palette.parameter", 350, 160);
        hands.drop("palette.parameter", 350, 300);
        hands.drop("palette.parameter", 350, 440);
        hands.drop("mul", 570, 220);
        hands.drop("add", 780, 330);
        hands.drop("tanh", 800, 520);
        hands.rename("y", "w");
        hands.rename("z", "b");
        hands.connect("x", "mul", 0);
        hands.connect("w", "mul", 1);
        hands.connect("mul", "add", 0);
        hands.connect("b", "add", 1);
        hands.connect("add", "tanh", 0);
        assertThat(page.locator(".edge")).hasCount(5);
        hands.connect("tanh", "mul", 0);
        assertThat(page.locator(".toast.bad")).containsText("circle");
        assertThat(page.locator(".edge")).hasCount(5);
        hands.type("x", "0.5");
        hands.type("w", "2");
        hands.type("b", "-0.5");
    }

    /** Returns the state at each step. */
    private static List<String> stepForwardAndBack(Hands hands, Page page) {
        hands.run();
        assertThat(page.locator("#step-event")).hasText("Backward starts at tanh");
        assertEquals(10, hands.steps());
        page.locator("#first").click();
        assertThat(page.locator("#step-count")).hasText("Step 0 of 10");
        List<String> seen = new ArrayList<>();
        seen.add(hands.state());
        for (int step = 1; step <= 10; step++) {
            hands.go("forward", step);
            seen.add(hands.state());
        }
        assertThat(hands.grad("tanh")).hasText("1");
        assertThat(hands.grad("add")).hasText("0.7864");
        assertThat(hands.grad("x")).hasText("1.5729");
        assertThat(hands.grad("w")).hasText("0.3932");
        assertThat(hands.grad("b")).hasText("0.7864");
        assertTrue(seen.getLast().contains("\"grad\":1.5728954"), seen.getLast());
        for (int step = 9; step >= 0; step--) {
            hands.go("back", step);
            assertEquals(seen.get(step), hands.state());
        }
        assertThat(hands.grad("x")).hasText("None");
        return seen;
    }

    private static void undoAndRedo(Hands hands, Page page) {
        String whole = hands.document();
        for (int i = 0; i < 16; i++) {
            page.locator("#undo").click();
        }
        assertThat(page.locator("#undo")).isDisabled();
        assertThat(page.locator(".node")).hasCount(0);
        for (int i = 0; i < 16; i++) {
            page.locator("#redo").click();
        }
        assertThat(page.locator("#redo")).isDisabled();
        assertEquals(whole, hands.document());
    }

    private static void share(Hands hands, Page page, Playground.Visitors visitors, String address, List<String> seen) {
        hands.run();
        hands.go("forward", 5);
        hands.go("forward", 6);
        page.locator("#share").click();
        String link = page.locator("#share-link").inputValue();
        assertTrue(link.startsWith(visitors.url() + "/#g=1."), link);
        Page fresh = visitors.open();
        Hands reader = new Hands(fresh).open(address + link.substring(link.indexOf('#')));
        assertEquals(hands.document(), reader.document());
        assertThat(fresh.locator("#step-count")).hasText("Step 6 of 10");
        assertEquals(seen.get(6), reader.state());
        fresh.locator("#last").click();
        assertThat(reader.grad("x")).hasText("1.5729");
        assertEquals(seen.get(10), reader.state());
    }
}
