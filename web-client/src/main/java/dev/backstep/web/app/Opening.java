package dev.backstep.web.app;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.LinkCodec;
import dev.backstep.engine.graph.SafeJson;
import dev.backstep.engine.step.SharedRun;
import dev.backstep.web.jso.Fetch;
import dev.backstep.web.jso.Response;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.session.Signal;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.canvas.Canvas;
import dev.backstep.web.ui.share.LinkText;
import java.util.List;
import org.teavm.jso.browser.History;
import org.teavm.jso.browser.Location;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.events.Event;

/**
 * Opens documents: what was open last, links, examples, files. What was there before is one undo away, and what cannot
 * be read changes nothing.
 */
final class Opening {
    /** Another document is open. */
    final Signal opened = new Signal();

    private static final String SHORT_LINK = "/s/";

    private final Editor editor;
    private final Player player;
    private final Canvas canvas;

    Opening(Editor editor, Player player, Canvas canvas) {
        this.editor = editor;
        this.player = player;
        this.canvas = canvas;
        Dom.on(Window.current(), "hashchange", (Event event) -> Background.run(this::link));
    }

    /** Opens what the address asks for; may wait. */
    void link() {
        Location location = Location.current();
        String hash = location.getHash();
        String path = location.getPathName();
        if (LinkCodec.isLink(hash)) {
            try {
                show(LinkText.read(hash));
                // The address would bring the link back at every reload, over what was made of it since.
                History.current().replaceState(null, "", path + location.getSearch());
            } catch (GraphException refused) {
                Notices.error(Text.of("link.refused", Reasons.text(refused.reason())));
            }
        } else if (path.startsWith(SHORT_LINK)) {
            shortLink(path.substring(SHORT_LINK.length()));
        }
    }

    private void shortLink(String id) {
        Response response = Fetch.get("/api/links/" + id).await();
        if (response.getStatus() == 404 || response.getStatus() == 410) {
            Notices.error(Text.of(response.getStatus() == 410 ? "link.gone" : "link.unknown"));
        } else {
            document(response.text().await().stringValue());
        }
        History.current().replaceState(null, "", "/" + Location.current().getSearch());
    }

    /** Opens a document as a file has it, or a run as a link has it; true where it could be read. */
    boolean document(String json) {
        try {
            show(read(json));
            return true;
        } catch (GraphException refused) {
            Notices.error(Text.of("open.refused", Reasons.text(refused)));
            return false;
        }
    }

    /** A run as a link has it, or a document alone. */
    static SharedRun read(String json) {
        return SafeJson.parse(json).has("document") ? SharedRun.read(json)
                : new SharedRun(GraphJson.read(json), List.of(), SharedRun.NOT_RUN, null, List.of());
    }

    private void show(SharedRun shared) {
        boolean replaces = !editor.graph().nodes().isEmpty();
        replace(shared);
        if (replaces) {
            Notices.offer(Text.of("open.replaced"), Text.of("notice.undo"), editor::undo);
        }
    }

    /** Shows a document in place of the one that is open, as an edit. */
    void replace(SharedRun shared) {
        editor.selection.clear();
        editor.replace(shared.graph());
        player.open(shared);
        canvas.fit();
        opened.fire();
    }

    /** Shows what was open last; the undo stack begins here. */
    void restore(SharedRun saved) {
        editor.open(saved.graph());
        player.open(saved);
        canvas.fit();
        opened.fire();
    }

    void clear() {
        if (!editor.graph().nodes().isEmpty()) {
            editor.replace(Graph.EMPTY);
            Notices.offer(Text.of("open.cleared"), Text.of("notice.undo"), editor::undo);
        }
    }
}
