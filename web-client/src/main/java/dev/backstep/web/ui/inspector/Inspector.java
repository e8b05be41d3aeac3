package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Wire;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * The area on the right. Of nothing selected it shows the run, else what is selected; above it, what happened at the
 * step one stands at. It is made anew at every change, but not under the hands of someone who types in it.
 */
public final class Inspector {
    private final Editor editor;
    private final Player player;
    private final HTMLElement title = Dom.byId("inspector-title");
    private final HTMLElement body = Dom.byId("inspector-body");
    private final Runnable show = this::show;
    /** The node as it was shown last, its place aside; null where it was none. */
    private GraphNode shown;

    public Inspector(Editor editor, Player player) {
        this.editor = editor;
        this.player = player;
        Runnable changed = () -> Frames.request(show);
        editor.changed.listen(changed);
        editor.selection.changed.listen(changed);
        player.moved.listen(changed);
        player.breakpoints.changed.listen(changed);
        Text.onChange(changed);
    }

    /** Puts the cursor into the first thing that can be changed. */
    public void focus() {
        show();
        HTMLElement field = body.querySelector("textarea, input, select");
        if (field == null) {
            body.focus();
        } else {
            field.focus();
        }
    }

    private void show() {
        Draft draft = Draft.in(body);
        int scrolled = body.getScrollTop();
        Dom.clear(body);
        Graph graph = editor.graph();
        String id = editor.selection.single();
        Wire wire = editor.selection.wireEnd() == null ? null : graph.wireInto(editor.selection.wireEnd());
        if (id != null) {
            title.setTextContent(Text.of("inspector.node"));
            new NodePanel(editor, player, graph.node(id)).fill(body);
        } else if (wire != null) {
            title.setTextContent(Text.of("inspector.edge"));
            new EdgePanel(editor, player, wire).fill(body);
        } else {
            title.setTextContent(Text.of("inspector.run"));
            new RunPanel(editor, player).fill(body);
        }
        body.setScrollTop(scrolled);
        GraphNode node = id == null ? null : graph.node(id).at(0, 0);
        if (draft != null) {
            draft.restore(body, node != null && node.equals(shown));
        }
        shown = node;
    }
}
