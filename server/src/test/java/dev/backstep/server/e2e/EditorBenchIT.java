package dev.backstep.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Panning, zooming, dragging and stepping in large graphs are measured rightly; how fast they are depends on the
 * machine and is printed, not tested: {@code -Dbackstep.editor=500,2000} prints the table of docs/performance.md for
 * those sizes.
 */
@ExtendWith(Playground.class)
class EditorBenchIT {
    private static final List<String> GESTURES = List.of("pan", "zoom", "drag", "step");

    @Test
    void movesWhatItMeasures(Playground.Visitors visitors) {
        for (boolean peer : new boolean[] {false, true}) {
            Page page = open(visitors);
            for (String gesture : gestures(peer)) {
                Map<String, Object> result = run(page, 60, gesture, peer, 12);
                assertEquals(true, result.get("ok"), gesture + (peer ? " in the other editor" : ""));
                assertEquals("ms", result.get("unit"));
                assertTrue(number(result, "median") >= number(result, "min"));
                assertTrue(number(result, "median") <= number(result, "max"));
                assertTrue(number(result, "frame") > 0);
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "backstep.editor", matches = "\\d+(,\\d+)*")
    void table(Playground.Visitors visitors) {
        System.out.println("| nodes | editor | move | main thread, ms (median) | of it CPU, ms (mean)"
                + " | slowest, ms | frame, ms (median) |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (String size : System.getProperty("backstep.editor").split(",")) {
            for (boolean peer : new boolean[] {false, true}) {
                Page page = open(visitors);
                CDPSession devTools = page.context().newCDPSession(page);
                JsonObject inThreadTime = new JsonObject();
                inThreadTime.addProperty("timeDomain", "threadTicks");
                devTools.send("Performance.enable", inThreadTime);
                for (String gesture : gestures(peer)) {
                    run(page, Integer.parseInt(size), gesture, peer, 4);
                    double before = taskSeconds(devTools);
                    Map<String, Object> result = run(page, Integer.parseInt(size), gesture, peer, 60);
                    double cpu = (taskSeconds(devTools) - before) * 1000 / number(result, "frames");
                    System.out.printf(Locale.ROOT, "| %s | %s | %s%s | %.1f | %.1f | %.0f | %.1f |%n", size,
                            peer ? "@antv/x6" : "Backstep", gesture, result.get("ok").equals(true) ? "" : " (WRONG)",
                            number(result, "median"), cpu, number(result, "max"), number(result, "frame"));
                }
                page.close();
            }
        }
    }

    private static Page open(Playground.Visitors visitors) {
        Page page = visitors.open(options -> options.setViewportSize(1400, 860));
        page.navigate("/bench.html");
        page.locator("html[data-engine]").waitFor();
        return page;
    }

    private static List<String> gestures(boolean peer) {
        return peer ? GESTURES.subList(0, 3) : GESTURES;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> run(Page page, int n, String gesture, boolean peer, int times) {
        return (Map<String, Object>) page.evaluate(
                "([n, gesture, peer, times]) => bench.run('editor', { n, gesture, peer, times })",
                new Object[] {n, gesture, peer, times});
    }

    private static double number(Map<String, Object> result, String name) {
        return ((Number) result.get(name)).doubleValue();
    }

    /** The time that the page's main thread has worked so far. */
    private static double taskSeconds(CDPSession devTools) {
        for (JsonElement metric : devTools.send("Performance.getMetrics").getAsJsonArray("metrics")) {
            if (metric.getAsJsonObject().get("name").getAsString().equals("TaskDuration")) {
                return metric.getAsJsonObject().get("value").getAsDouble();
            }
        }
        throw new AssertionError("Chromium has no TaskDuration");
    }
}
