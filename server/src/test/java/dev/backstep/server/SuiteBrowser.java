package dev.backstep.server;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A Chromium, and the pages of the suite that TeaVM compiled. */
final class SuiteBrowser implements AutoCloseable {
    private static final int SLICE_MILLIS = 300_000;
    private static final int START_MILLIS = 20_000;

    private final SuitePages pages = new SuitePages();
    private final Playwright playwright = Playwright.create(new Playwright.CreateOptions()
            .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final Browser browser;

    /** @param flags the browser's own, such as {@link Playground#GPU} */
    SuiteBrowser(List<String> flags) throws IOException, InterruptedException {
        browser = playwright.chromium().launch(Playground.launch(Chromium.executable(), flags));
    }

    /** A visit of its own, with nothing kept of others. */
    BrowserContext visit() {
        return browser.newContext();
    }

    /** Has a page load {@code wasm.html} or {@code js.html}, and waits for the suite. */
    void load(Page page, String address) {
        page.setDefaultTimeout(SLICE_MILLIS);
        page.navigate(pages.url() + address);
        page.waitForFunction("() => globalThis.suite", null,
                new Page.WaitForFunctionOptions().setTimeout(START_MILLIS));
    }

    /** Has the suite compute on a device alone: {@code cpu}, {@code simd} or {@code webgpu}. */
    void use(Page page, String device) {
        page.evaluate("""
                async device => {
                  if (device === "webgpu") {
                    suite.gpuOpen("");
                    while (suite.gpuState() === "opening") { await new Promise(done => setTimeout(done, 1)); }
                  }
                  suite.use(device);
                }""", device);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
        pages.close();
    }
}
