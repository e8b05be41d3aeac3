package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.MouseButton;
import dev.backstep.server.Playground;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every screen as people see it, kept as a picture, and as axe reads it. */
@ExtendWith(Playground.class)
class LooksIT {
    /** A comment, an open frame, a collapsed one and one for no_grad, and a wire that has to go around. */
    private static final String NOTES = """
            {"format": 1, "nodes": [
              {"id": "x", "type": "tensor", "label": "x", "attrs": {"data": [1, 2], "requires_grad": true},
               "at": [0, 40]},
              {"id": "y", "type": "square", "label": "y", "at": [260, 40]},
              {"id": "z", "type": "tanh", "label": "z", "at": [520, 40]},
              {"id": "p", "type": "mul", "label": "p", "at": [780, 40]},
              {"id": "m", "type": "mean", "label": "m", "at": [260, 300]},
              {"id": "e", "type": "exp", "label": "e", "at": [520, 300]},
              {"id": "s", "type": "sum", "label": "s", "at": [1040, 40]},
              {"id": "f1", "type": "frame", "label": "Activation", "attrs": {"members": ["y", "z"], "color": "blue"}},
              {"id": "f2", "type": "frame", "label": "Watched, not learned",
               "attrs": {"members": ["m", "e"], "color": "green", "no_grad": true}},
              {"id": "c", "type": "comment", "label": "note", "attrs": {"text": "x is used three times"},
               "at": [780, 240]}],
             "wires": [
              {"from": ["x", 0], "to": ["y", 0]}, {"from": ["y", 0], "to": ["z", 0]},
              {"from": ["z", 0], "to": ["p", 0]}, {"from": ["x", 0], "to": ["p", 1]},
              {"from": ["x", 0], "to": ["m", 0]}, {"from": ["m", 0], "to": ["e", 0]},
              {"from": ["p", 0], "to": ["s", 0]}]}""";

    @Test
    void desktopInLight(Playground.Visitors visitors) throws IOException {
        Page page = visitors.open();
        tour(page, "light");
    }

    @Test
    void desktopInDark(Playground.Visitors visitors) throws IOException {
        tour(visitors.open(options -> options.setViewportSize(1280, 800).setColorScheme(ColorScheme.DARK)), "dark");
    }

    private static void tour(Page page, String name) throws IOException {
        Hands hands = new Hands(page).open("/");
        Looks.show(page, name + "-empty");
        page.locator("#examples").click();
        Looks.show(page, name + "-examples");
        page.keyboard().press("Escape");
        hands.example("Two variables");
        hands.run();
        for (int step = 8; step <= 12; step++) {
            hands.go("forward", step);
        }
        Looks.show(page, name + "-sum");
        hands.node("y3").locator(".node-head").click();
        Looks.show(page, name + "-op");
        hands.node("x").locator(".node-head").click();
        Looks.show(page, name + "-leaf");
        hands.example("A perceptron of two layers");
        Looks.show(page, name + "-matrices");
        page.locator("#events-toggle").click();
        Looks.show(page, name + "-log");
        page.locator("#events-close").click();
        hands.example("Changed in place");
        Looks.show(page, name + "-refused");
        page.evaluate("json => backstep.load(json)", NOTES);
        Looks.show(page, name + "-notes");
        hands.node("y").locator(".node-head").click(new Locator.ClickOptions().setButton(MouseButton.RIGHT));
        Looks.show(page, name + "-menu");
        page.keyboard().press("Escape");
        hands.example("Mean of squares");
        hands.run();
        hands.go("last", 10);
        page.locator(".edge-hit").first().click();
        Looks.show(page, name + "-wire");
        page.locator("#canvas-view").click(new Locator.ClickOptions().setPosition(300, 12));
        page.locator("#health").click();
        assertThat(page.locator(".health-chart")).isVisible();
        Looks.show(page, name + "-health");
        page.locator("#view-both").click();
        Looks.show(page, name + "-both");
        hands.example("A neuron");
        page.evaluate("backstep.backward({createGraph: true})");
        hands.go("last", 10);
        page.locator("#view-autograd").click();
        Looks.show(page, name + "-autograd");
        page.locator("#view-graph").click();
        page.locator("#share").click();
        assertThat(page.locator("#share-link")).isVisible();
        Looks.show(page, name + "-share");
        page.keyboard().press("Escape");
        page.keyboard().press("?");
        Looks.show(page, name + "-keys");
    }

    @Test
    void chinese(Playground.Visitors visitors) throws IOException {
        Page page = visitors.open(options -> options.setViewportSize(1280, 800).setLocale("zh-CN"));
        Hands hands = new Hands(page).open("/");
        Looks.show(page, "chinese-empty");
        hands.example("一个神经元");
        page.locator("#run").click();
        page.locator("#forward").click();
        assertThat(page.locator("#step-event")).hasText("在 y 处执行 TanhBackward0");
        Looks.show(page, "chinese-step");
    }

    @Test
    void phoneInLight(Playground.Visitors visitors) throws IOException {
        phone(visitors, ColorScheme.LIGHT, "phone");
    }

    @Test
    void phoneInDark(Playground.Visitors visitors) throws IOException {
        phone(visitors, ColorScheme.DARK, "phone-dark");
    }

    private static void phone(Playground.Visitors visitors, ColorScheme scheme, String name) throws IOException {
        Page page = visitors.open(options -> options.setViewportSize(360, 740).setDeviceScaleFactor(2).setHasTouch(true)
                .setIsMobile(true).setColorScheme(scheme));
        Hands hands = new Hands(page).open("/");
        Looks.show(page, name + "-empty");
        page.locator("#palette-toggle").tap();
        Looks.show(page, name + "-palette");
        page.locator(".palette-item[data-type=tanh]").tap();
        assertThat(hands.node("tanh")).isVisible();
        hands.example("A neuron");
        page.locator(".toast .tool").tap();
        page.locator("#run").tap();
        page.locator("#forward").tap();
        Looks.show(page, name + "-step");
        page.locator("#view-autograd").tap();
        Looks.show(page, name + "-autograd");
        page.locator("#view-graph").tap();
        page.locator("#events-toggle").tap();
        Looks.show(page, name + "-log");
        page.locator("#events-close").tap();
        page.locator("#inspector-toggle").tap();
        Looks.show(page, name + "-inspector");
        int wide = (Integer) page.evaluate("document.documentElement.scrollWidth");
        assertEquals(360, wide, "the page must not scroll sideways");
    }

    @Test
    void projector(Playground.Visitors visitors) throws IOException {
        Page page = visitors.open(options -> options.setViewportSize(3840, 2160));
        Hands hands = new Hands(page).open("/");
        hands.example("Two variables");
        hands.run();
        hands.go("last", 15);
        Looks.show(page, "projector");
    }
}
