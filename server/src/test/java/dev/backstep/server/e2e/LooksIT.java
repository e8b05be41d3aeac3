package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.backstep.server.Playground;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every screen as people see it, kept as a picture, and as axe reads it. */
@ExtendWith(Playground.class)
class LooksIT {
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
    void phone(Playground.Visitors visitors) throws IOException {
        Page page = visitors.open(options -> options.setViewportSize(360, 740).setDeviceScaleFactor(2).setHasTouch(true)
                .setIsMobile(true));
        Hands hands = new Hands(page).open("/");
        Looks.show(page, "phone-empty");
        page.locator("#palette-toggle").tap();
        Looks.show(page, "phone-palette");
        page.locator(".palette-item[data-type=tanh]").tap();
        assertThat(hands.node("tanh")).isVisible();
        hands.example("A neuron");
        page.locator("#run").tap();
        page.locator("#forward").tap();
        Looks.show(page, "phone-step");
        page.locator("#view-autograd").tap();
        Looks.show(page, "phone-autograd");
        page.locator("#view-graph").tap();
        page.locator("#inspector-toggle").tap();
        Looks.show(page, "phone-inspector");
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
