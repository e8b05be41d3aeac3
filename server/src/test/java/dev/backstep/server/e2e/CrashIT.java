package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When the program cannot start or stops, the page says so and offers to load again. */
@ExtendWith(Playground.class)
class CrashIT {
    @Test
    void saysThatItCouldNotStart(Playground.Visitors visitors) {
        Page page = visitors.open();
        // The browser itself complains about what is taken away here.
        visitors.expect("");
        page.route("**/*.wasm", route -> route.abort());
        page.route("**/app-*.js", route -> route.abort());
        page.navigate("/");
        Locator notice = page.locator(".crash[role=alert]");
        assertThat(notice).containsText("could not start");
        page.unroute("**/*.wasm");
        page.unroute("**/app-*.js");
        notice.getByText("Load again").click();
        assertThat(page.locator("html[data-engine=wasm]")).isAttached();
    }

    @Test
    void saysThatItHasStopped(Playground.Visitors visitors) {
        Page page = visitors.open();
        visitors.expect("");
        page.navigate("/");
        assertThat(page.locator("html[data-engine=wasm]")).isAttached();
        page.evaluate("() => { setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable'); }); }");
        Locator notice = page.locator(".crash[role=alert]");
        assertThat(notice).containsText("Something went wrong");
        assertThat(notice).containsText("unreachable");
        notice.getByText("Close").click();
        assertThat(notice).hasCount(0);
    }
}
