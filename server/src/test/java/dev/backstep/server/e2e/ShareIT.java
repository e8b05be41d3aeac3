package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.FilePayload;
import dev.backstep.server.Playground;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links, short links, files, and what the browser keeps by itself. */
@ExtendWith(Playground.class)
class ShareIT {
    @Test
    void aCutOrAlteredLinkSaysSoAndLoadsNothing(Playground.Visitors visitors) {
        Page page = visitors.open();
        Hands hands = new Hands(page).open("/");
        hands.example("A neuron");
        page.locator("#share").click();
        String link = page.locator("#share-link").inputValue();
        String fragment = link.substring(link.indexOf('#'));
        Page cut = visitors.open();
        new Hands(cut).open("/" + fragment.substring(0, fragment.length() - 7));
        assertThat(cut.locator(".toast.bad")).containsText("cut");
        assertThat(cut.locator(".node")).hasCount(0);
        Page altered = visitors.open();
        int middle = fragment.length() - 30;
        char other = fragment.charAt(middle) == 'A' ? 'B' : 'A';
        new Hands(altered).open("/" + fragment.substring(0, middle) + other + fragment.substring(middle + 1));
        assertThat(altered.locator(".toast.bad")).containsText("altered");
        assertThat(altered.locator(".node")).hasCount(0);
    }

    @Test
    void aShortLinkOpensElsewhereAtTheSameStep(Playground.Visitors visitors) {
        Page page = visitors.open();
        Hands hands = new Hands(page).open("/");
        hands.example("Sum of squares");
        hands.run();
        hands.go("forward", 4);
        page.locator("#share").click();
        page.getByText("Make a short link").click();
        String link = page.locator("#share-short").inputValue();
        Page fresh = visitors.open();
        Hands reader = new Hands(fresh).open(link.substring(link.indexOf("/s/")));
        assertEquals(hands.document(), reader.document());
        assertThat(fresh.locator("#step-count")).hasText("Step 4 of 6");
    }

    /** In both builds: waiting for what the browser rejects is another thing in each. */
    @ParameterizedTest
    @ValueSource(strings = {"/", "/?engine=js"})
    void withoutANetworkItSaysSo(String address, Playground.Visitors visitors) {
        visitors.expect("net::ERR_FAILED");
        Page page = visitors.open();
        new Hands(page).open(address).example("A neuron");
        page.route("**/api/links", Route::abort);
        page.locator("#share").click();
        page.getByText("Make a short link").click();
        assertThat(page.locator("#toasts")).containsText("The server cannot be reached");
    }

    @Test
    void anUnknownShortLinkSaysSo(Playground.Visitors visitors) {
        visitors.expect("404");
        Page page = visitors.open();
        new Hands(page).open("/s/abcdefghijkl");
        assertThat(page.locator(".toast.bad")).containsText("no such short link");
    }

    @Test
    void openingALinkKeepsWhatWasThereOneUndoAway(Playground.Visitors visitors) {
        Page page = visitors.open();
        Hands hands = new Hands(page).open("/");
        hands.example("A cubic");
        String before = hands.document();
        Page other = visitors.open();
        new Hands(other).open("/").example("A neuron");
        String link = (String) other.evaluate("backstep.link()");
        page.evaluate("hash => { location.hash = hash }", link.substring(link.indexOf('#')));
        assertThat(hands.node("product")).isVisible();
        page.locator("#undo").click();
        assertEquals(before, hands.document());
    }

    @Test
    void aReloadBringsEverythingBack(Page page) {
        Hands hands = new Hands(page).open("/");
        hands.example("Two variables");
        hands.run();
        hands.go("forward", 8);
        String state = hands.state();
        page.evaluate("""
                () => new Promise(kept => {
                  const look = () => JSON.parse(localStorage["backstep.document"] ?? "{}").step === 8
                    ? kept() : setTimeout(look, 50);
                  look();
                })""");
        hands.open("/");
        assertThat(page.locator("#step-count")).hasText("Step 8 of 15");
        assertEquals(state, hands.state());
    }

    @Test
    void aFileGoesOutAndComesBack(Page page) throws Exception {
        Hands hands = new Hands(page).open("/");
        hands.example("A neuron");
        String before = hands.document();
        page.locator("#more").click();
        var download = page.waitForDownload(() -> page.getByText("Save as file").click());
        String text = Files.readString(download.path());
        page.locator("#more").click();
        page.getByText("New graph").click();
        assertThat(page.locator(".node")).hasCount(0);
        choose(page, text);
        assertThat(page.locator(".node")).hasCount(6);
        assertEquals(before, hands.document());
        choose(page, text.replace("\"tanh\"", "\"tanz\""));
        assertThat(page.locator(".toast.bad")).containsText("tanz");
        assertEquals(before, hands.document());
    }

    private static void choose(Page page, String text) {
        page.locator("#more").click();
        page.waitForFileChooser(() -> page.getByText("Open file…").click()).setFiles(
                new FilePayload("graph.json", "application/json", text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void labelsThatLookLikeHtmlAreText(Page page) {
        Hands hands = new Hands(page).open("/");
        hands.example("A neuron");
        hands.rename("x", "<img src=x onerror=alert(1)>");
        hands.run();
        hands.go("last", 10);
        hands.go("back", 9);
        hands.go("back", 8);
        assertThat(page.locator(".formula").first()).containsText("<img");
        assertTrue((Boolean) page.evaluate("document.querySelectorAll('img[src=x]').length === 0"));
    }
}
