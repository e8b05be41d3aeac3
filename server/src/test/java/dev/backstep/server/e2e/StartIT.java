package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page comes up, under its Content-Security-Policy, in both builds. */
@ExtendWith(Playground.class)
class StartIT {
    @Test
    void startsAsWebAssembly(Page page) {
        page.navigate("/");
        assertThat(page.locator("html[data-engine=wasm]")).isAttached();
    }

    @Test
    void startsAsJavaScriptWhenAsked(Page page) {
        page.navigate("/?engine=js");
        assertThat(page.locator("html[data-engine=js]")).isAttached();
    }

    @Test
    void theMenuOfExamplesFillsWhenItsListArrivesLate(Page page) {
        page.addInitScript("""
                const fetched = globalThis.fetch;
                globalThis.fetch = (url, ...rest) => String(url).includes("examples/index")
                  ? new Promise(resolve => { globalThis.letGo = () => resolve(fetched(url, ...rest)); })
                  : fetched(url, ...rest);""");
        page.navigate("/");
        assertThat(page.locator("#loading")).isHidden();
        page.locator("#examples").click();
        assertThat(page.locator(".menu-title")).hasText("Loading…");
        page.evaluate("letGo()");
        assertThat(page.locator(".menu-item").first()).containsText("A neuron");
    }

    @Test
    void theMenuLeadsToTheGuideInBothLanguages(Page page) {
        page.navigate("/");
        assertThat(page.locator("#loading")).isHidden();
        page.locator("#more").click();
        Page guide = page.waitForPopup(() -> page.locator(".menu-item").filter(
                new Locator.FilterOptions().setHasText("Guide")).click());
        assertThat(guide.locator("h1")).hasText("A guide to the playground");
        guide.waitForLoadState();
        assertEquals(true, guide.evaluate("() => [...document.images].every(image => image.naturalWidth > 0)"));
        guide.getByText("中文").click();
        assertThat(guide.locator("h1")).hasText("使用指南");
    }

    @Test
    void evaluatesNoText(Page page, Playground.Visitors visitors) {
        visitors.expect("Content Security Policy|unsafe-eval");
        page.navigate("/");
        var outcome = page.evaluate("""
                () => new Promise(resolve => {
                  addEventListener("securitypolicyviolation", event => resolve(event.blockedURI));
                  const script = document.createElement("script");
                  script.textContent = "globalThis.ran = true";
                  document.head.append(script);
                })""");
        assertEquals("inline", outcome);
    }
}
