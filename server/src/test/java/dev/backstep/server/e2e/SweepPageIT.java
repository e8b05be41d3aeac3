package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.SelectOption;
import dev.backstep.server.Playground;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A sweep asked for, watched, sorted, opened and stopped from the page. */
@ExtendWith(Playground.class)
class SweepPageIT {
    private static Page open(Page page, int epochs) {
        new Hands(page).open("/");
        TrainIT.load(page, "xor", epochs);
        TrainIT.openArea(page);
        return page;
    }

    private static Locator values(Page page, int line) {
        return page.locator("#sweep-values-" + line);
    }

    /** Fills the form: the learning rate, which is offered first, and the seed. */
    private static void ask(Page page, String rates, String seeds) {
        page.locator("#sweep-ask").click();
        values(page, 1).fill(rates);
        page.locator("#sweep-add").click();
        values(page, 2).fill(seeds);
    }

    private static void waitFor(Page page, String stand) {
        assertThat(page.locator(".sweep-stand")).hasText(stand,
                new LocatorAssertions.HasTextOptions().setTimeout(TrainIT.LONG));
    }

    private static List<String> column(Page page, int cell) {
        return page.locator(".sweep-table tbody tr > :nth-child(" + cell + ")").allInnerTexts().stream()
                .map(String::strip).toList();
    }

    @Test
    void twoByTwoValuesBecomeATableAndAChart(Playground.Visitors visitors) throws IOException {
        Page page = open(visitors.open(), 12);
        assertThat(page.locator("#sweep-ask")).hasAttribute("title",
                "Train the document on the server with several values");
        ask(page, "0.03, 0.001", "0, 1");
        assertThat(page.locator(".sweep-runs")).hasText("4 runs");
        assertThat(page.locator("dialog")).containsText("goes to localhost");
        Looks.show(page, "sweep-dialog");
        page.locator("#sweep-start").click();
        waitFor(page, "4 of 4 runs have ended");
        assertThat(page.locator(".sweep-table tbody tr")).hasCount(4);
        assertEquals(List.of("0.03", "0.03", "0.001", "0.001"), column(page, 2));
        assertEquals(List.of("0", "1", "0", "1"), column(page, 3));
        assertEquals(List.of("Finished", "Finished", "Finished", "Finished"), column(page, 4));
        assertEquals(List.of("100%", "100%", "100%", "100%"), column(page, 5));
        assertThat(page.locator(".sweep-chart .u-legend .u-series")).hasCount(5);
        assertThat(page.locator(".sweep-chart canvas")).isVisible();
        assertThat(page.locator(".sweep-chart .u-legend")).containsText("lr 0.03, seed 1");
        // The best is the one with the least best loss, and sorting by that puts it first.
        Locator best = page.locator(".sweep-table thead th").filter(
                new Locator.FilterOptions().setHasText("Best loss"));
        best.locator("button").click();
        assertThat(best).hasAttribute("aria-sort", "ascending");
        List<Double> losses = column(page, 9).stream().map(Double::valueOf).toList();
        assertEquals(losses.stream().sorted().toList(), losses);
        assertThat(page.locator(".sweep-table tbody tr").first()).hasClass("best");
        assertThat(page.locator(".sweep-table tbody tr.best")).hasCount(1);
        best.locator("button").press("Enter");
        assertThat(best).hasAttribute("aria-sort", "descending");
        assertThat(page.locator(".sweep-table tbody tr").last()).hasClass("best");
        assertThat(best.locator("button")).isFocused();
        Looks.show(page, "sweep-table");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        Looks.show(page, "sweep-table-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        assertSheet(page);

        // The link brings the table back, here and for others, who may not stop it.
        String link = page.url();
        assertTrue(link.matches(".*/\\?sweep=[\\w-]{24}"), link);
        page.reload();
        waitFor(page, "4 of 4 runs have ended");
        assertThat(page.locator(".sweep-chart .u-legend .u-series")).hasCount(5);
        Page other = visitors.open(options -> options.setViewportSize(360, 740).setHasTouch(true).setLocale("zh-CN"));
        other.navigate(link);
        assertThat(other.locator(".sweep-table tbody tr")).hasCount(4);
        assertThat(other.locator(".sweep-chart canvas")).isVisible();
        Looks.show(other, "sweep-phone");
        assertThat(other.locator("#sweep-stop")).isDisabled();
        other.locator(".sweep-table tbody tr").first().click();
        TrainIT.waitFor(other, "done");
        Looks.show(other, "sweep-phone-run");
        other.locator("#sweep-ask").click();
        values(other, 1).fill("0.1; zehn");
        values(other, 1).blur();
        assertThat(other.locator("#sweep-values-1-error")).containsText("zehn");
        Looks.show(other, "sweep-phone-dialog");

        // A click on a row opens that run, with its document.
        page.locator(".sweep-table tbody tr").nth(3).locator("td").first().click();
        assertThat(page.locator("dialog")).hasCount(0);
        TrainIT.waitFor(page, "done");
        assertEquals(120, TrainIT.batch(page));
        assertEquals(0.001, page.evaluate("backstep.document().nodes.find(n => n.id === 'opt').attrs.lr"));
        assertThat(page.locator(".train-server")).containsText("was computed on the server");
        assertTrue(page.url().contains("run="), page.url());
        Looks.show(page, "sweep-run");
        page.locator("#sweep-open").click();
        assertThat(page.locator(".sweep-table tbody tr")).hasCount(4);
        page.keyboard().press("Escape");
        assertThat(page.locator("#sweep-open")).isFocused();
        page.locator("#sweep-leave").click();
        assertThat(page.locator("#sweep-leave")).isHidden();
        assertTrue(!page.url().contains("sweep="), page.url());
    }

    /** The file has the table's runs in their order, with the numbers that the server has. */
    private static void assertSheet(Page page) throws IOException {
        var download = page.waitForDownload(() -> page.locator("#sweep-csv").click());
        assertEquals("backstep-sweep.csv", download.suggestedFilename());
        List<String> lines = Files.readString(download.path()).lines().toList();
        assertEquals(5, lines.size());
        assertTrue(lines.getFirst().matches("run,.*lr,.*,state,batch,batches,train_loss,test_loss,test_accuracy,"
                + "best_loss,batches_per_second,error"), lines.getFirst());
        assertTrue(lines.get(1).startsWith("1,0.03,0,done,120,120,"), lines.get(1));
        var points = (List<?>) page.evaluate("""
                fetch('/api/sweeps/' + new URL(location).searchParams.get('sweep')).then(answer => answer.json())
                  .then(sweep => sweep.points.map(point => point.bestLoss))""");
        for (int i = 0; i < 4; i++) {
            assertEquals(((Number) points.get(i)).doubleValue(), Double.parseDouble(lines.get(i + 1).split(",")[9]));
        }
    }

    /** It stays to be read while the table goes on. */
    @Test
    void theLinkIsCopiedWhileRunsGoOn(Page page) {
        open(page, 100_000);
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        ask(page, "0.03, 0.001", "0");
        page.locator("#sweep-start").click();
        waitFor(page, "0 of 2 runs have ended");
        page.locator("#sweep-link").click();
        Locator said = page.locator("dialog [role=status]").filter(
                new Locator.FilterOptions().setHasText("Link copied: whoever has it can watch the sweep"));
        assertThat(said).isVisible();
        assertEquals(page.url(), page.evaluate("navigator.clipboard.readText()"));
        page.waitForTimeout(3_000); // three times the table's news
        assertThat(said).isVisible();
        page.locator("#sweep-stop").click();
        waitFor(page, "2 of 2 runs have ended");
    }

    /** A width is many attributes of an MLP's boxes at once; the run that is opened is of the narrower net. */
    @Test
    void variesTheWidthOfAnMlp(Page page) {
        Hands hands = new Hands(page).open("/");
        hands.example("Three spirals");
        assertThat(page.locator("#sweep-ask")).isEnabled();
        page.locator("#sweep-ask").click();
        page.locator("#sweep-what-1").selectOption(new SelectOption().setLabel("mlp1.width"));
        assertThat(page.locator("#sweep-values-1-help")).hasText("Now it is 32.");
        values(page, 1).fill("4, 24");
        page.locator("#sweep-start").click();
        waitFor(page, "2 of 2 runs have ended");
        assertEquals(List.of("4", "24"), column(page, 2));
        assertEquals(List.of("Finished", "Finished"), column(page, 3));
        assertThat(page.locator(".sweep-table tbody tr").nth(1)).hasClass("best");
        page.locator(".sweep-open").first().press("Enter");
        TrainIT.waitFor(page, "done");
        assertEquals("MLP(2, 4, 4, 3, tanh)",
                page.evaluate("backstep.document().nodes.find(n => n.type === 'frame').attrs.layer"));
        assertEquals(List.of(4, 2),
                page.evaluate("backstep.document().nodes.find(n => n.label === 'mlp1.0.weight').attrs.size"));
    }

    @Test
    void saysThatThereIsNoSuchSweep(Playground.Visitors visitors) {
        visitors.expect("404");
        Page page = visitors.open();
        new Hands(page).open("/?sweep=abcdefghijklmnopqrstuvwx");
        assertThat(page.locator(".sweep-stand")).hasText("The server refused (404): There is no such sweep.");
    }

    @Test
    void stopsAllOfThem(Page page) throws IOException {
        open(page, 100_000);
        ask(page, "0.01, 0.001", "0 1 2");
        page.locator("#sweep-start").click();
        assertThat(page.locator(".sweep-state").first()).hasText("Running",
                new LocatorAssertions.HasTextOptions().setTimeout(TrainIT.LONG));
        assertThat(page.locator(".sweep-chart canvas")).isVisible(
                new LocatorAssertions.IsVisibleOptions().setTimeout(TrainIT.LONG));
        Looks.show(page, "sweep-running");
        page.locator("#sweep-stop").click();
        waitFor(page, "6 of 6 runs have ended");
        assertThat(page.locator("#sweep-stop")).isDisabled();
        assertEquals(List.of("Stopped", "Stopped", "Stopped", "Stopped", "Stopped", "Stopped"), column(page, 4));
    }

    @Test
    void saysWhatIsWrongByTheFieldAndWhatTheServerRefused(Playground.Visitors visitors) throws IOException {
        visitors.expect("413|429");
        Page page = open(visitors.open(), 5);
        ask(page, "0.1, fast", "1.5");
        page.locator("#sweep-start").click();
        assertThat(page.locator("#sweep-values-1-error")).containsText("“fast” is no number");
        assertThat(page.locator("#sweep-values-2-error")).containsText("1.5 is no whole number");
        assertThat(values(page, 1)).isFocused();
        assertThat(values(page, 1)).hasAttribute("aria-invalid", "true");
        Looks.show(page, "sweep-flaws");
        values(page, 1).fill("0.1");
        assertThat(page.locator("#sweep-values-1-error")).isHidden();
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 101; i++) {
            many.append(i).append(' ');
        }
        values(page, 2).fill(many.toString());
        assertThat(page.locator(".sweep-runs")).hasText("101 runs");
        page.locator("#sweep-start").click();
        assertThat(page.locator("dialog > .dialog-body > .form-error"))
                .hasText(Pattern.compile("The server refused \\(413\\): The grid has 101 points; .* takes 100.*"));
        assertThat(page.locator("#sweep-start")).isEnabled();
        assertEquals(many.toString(), values(page, 2).inputValue());
    }

    @Test
    void isNotOfferedWhereNoServerComputes(Page page) {
        page.route("**/api/devices", route -> route.fulfill(new Route.FulfillOptions().setStatus(200)
                .setContentType("application/json").setBody("[]")));
        open(page, 5);
        assertThat(page.locator("#sweep-ask")).isDisabled();
        assertThat(page.locator("#sweep-ask")).hasAttribute("title",
                Pattern.compile(".*no server computes runs here.*"));
    }
}
