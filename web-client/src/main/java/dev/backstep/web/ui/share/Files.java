package dev.backstep.web.ui.share;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.web.jso.Response;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Download;
import org.teavm.jso.dom.html.HTMLInputElement;

/** Documents as files of the reader's own machine. */
public final class Files {
    private static final String NAME = "backstep.json";

    private Files() {}

    /** What takes the text of a file; it may wait. */
    public interface Taker {
        void take(String text);
    }

    public static void save(Graph graph) {
        Download.text(NAME, GraphJson.write(graph));
    }

    /** Asks the reader for a file. */
    public static void choose(Taker taker) {
        HTMLInputElement input = (HTMLInputElement) Dom.make("input", "");
        input.setType("file");
        input.setAttribute("accept", ".json,application/json");
        Dom.on(input, "change", event -> Background.run(
                () -> taker.take(new Response(input.getFiles().get(0)).text().await().stringValue())));
        input.click();
    }
}
