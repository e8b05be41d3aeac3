package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
