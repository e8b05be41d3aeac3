package dev.backstep.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A look at a page: a picture that is kept, and what axe finds. */
final class Looks {
    private static final Path PICTURES = Path.of(System.getProperty("backstep.screenshots", "target/screenshots"));
    private static final Path AXE = Path.of("../static/node_modules/axe-core/axe.min.js");

    private Looks() {}

    /** Keeps a picture of the page and lets axe read it, which must find nothing serious. */
    static void show(Page page, String name) throws IOException {
        page.waitForTimeout(700); // pulses run for 0.6 s
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
        page.evaluate(Files.readString(AXE));
        Object found = page.evaluate("""
                async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
                  .filter(violation => ["serious", "critical"].includes(violation.impact))
                  .map(violation => ({ rule: violation.id, at: violation.nodes.map(node => node.html).join(" ") }))""");
        assertEquals(List.<Map<String, Object>>of(), found, name);
    }
}
