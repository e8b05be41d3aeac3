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
 * Panning, zooming, dragging, nudging and stepping in large graphs are measured rightly; how fast they are depends on
 * the machine and is printed, not tested: {@code -Dbackstep.editor=500,2000} prints a table as in docs/performance.md
 * for those sizes.
 */
@ExtendWith(Playground.class)
class EditorBenchIT {
    private static final List<String> GESTURES = List.of("pan", "zoom", "drag", "nudge", "step");

    /** What is measured: the canvas alone, all of the playground, another editor. */
    private enum Editor {
        CANVAS("Backstep"), APP("Backstep, whole app"), PEER("@antv/x6");

        private final String title;

        Editor(String title) {
            this.title = title;
        }

        List<String> gestures() {
            return this == PEER ? GESTURES.subList(0, 3) : GESTURES;
        }
    }

    @Test
    void movesWhatItMeasures(Playground.Visitors visitors) {
        for (Editor editor : Editor.values()) {
            Page page = open(visitors, editor, 60);
            for (String gesture : editor.gestures()) {
                Map<String, Object> result = run(page, 60, gesture, editor, 12);
                assertEquals(true, result.get("ok"), gesture + " in " + editor);
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
            for (Editor editor : Editor.values()) {
                Page page = open(visitors, editor, Integer.parseInt(size));
                CDPSession devTools = page.context().newCDPSession(page);
                JsonObject inThreadTime = new JsonObject();
                inThreadTime.addProperty("timeDomain", "threadTicks");
                devTools.send("Performance.enable", inThreadTime);
                for (String gesture : editor.gestures()) {
                    run(page, Integer.parseInt(size), gesture, editor, 4);
                    double before = taskSeconds(devTools);
                    Map<String, Object> result = run(page, Integer.parseInt(size), gesture, editor, 60);
                    double cpu = (taskSeconds(devTools) - before) * 1000 / number(result, "frames");
                    System.out.printf(Locale.ROOT, "| %s | %s | %s%s | %.1f | %.1f | %.0f | %.1f |%n", size,
                            editor.title, gesture, result.get("ok").equals(true) ? "" : " (WRONG)",
                            number(result, "median"), cpu, number(result, "max"), number(result, "frame"));
                }
                page.close();
            }
        }
    }

    private static Page open(Playground.Visitors visitors, Editor editor, int n) {
        Page page = visitors.open(options -> options.setViewportSize(1400, 860));
        page.navigate("/bench.html");
        page.locator("html[data-engine]").waitFor();
        if (editor == Editor.APP) {
            Object graph = page.evaluate("n => bench.graph(n)", n);
            page.navigate("/");
            page.locator("html[data-engine]").waitFor();
            page.evaluate("""
                    async (graph) => {
                      await import(backstepAssets["js/bench.js"]);
                      await backstep.ready;
                      await backstep.load(JSON.parse(graph));
                      await backstep.forward();
                      await backstep.backward({ gradient: Array(4).fill(Array(6).fill(1)) });
                    }""", graph);
        }
        return page;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> run(Page page, int n, String gesture, Editor editor, int times) {
        return (Map<String, Object>) (editor == Editor.APP
                ? page.evaluate("""
                        async ([gesture, times]) => {
                          await backstep.seek(1e6);
                          return backstepEditors.drive(backstepEditors.app("n0"), gesture, times);
                        }""", new Object[] {gesture, times})
                : page.evaluate("([n, gesture, peer, times]) => bench.run('editor', { n, gesture, peer, times })",
                        new Object[] {n, gesture, editor == Editor.PEER, times}));
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
