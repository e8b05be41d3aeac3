package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.step.Playback;
import dev.backstep.web.jso.ResizeObserver;
import dev.backstep.web.device.Devices;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.session.Player;
import dev.backstep.web.session.Stop;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Text;
import org.teavm.jso.browser.Performance;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * The area on the right. Of nothing selected it shows the run, else what is selected; above it, what happened at the
 * step one stands at. It is made anew at every change but that of boxes' places, of which it says nothing, and not
 * under the hands of someone who types in it.
 */
public final class Inspector {
    private static final int STEPS_MS = 100;

    private final Editor editor;
    private final HTMLElement title = Dom.byId("inspector-title");
    private final HTMLElement body = Dom.byId("inspector-body");
    private final Context context;
    private final Runnable refresh = this::refresh;
    /** The node as it was shown last, its place aside; null where it was none. */
    private GraphNode shown;
    /** Whether the panel was folded away when it should have been made. */
    private boolean stale;
    /** Whether something is typed that was not taken over yet: a field made anew would not tell that it was changed. */
    private boolean typing;
    /** What the panel was made of, as far as edits and moves change it; null where it must be made anew. */
    private Basis basis;
    /** How far it is scrolled; to ask for that while it is made would have the browser lay out the page once more. */
    private int scrolled;
    private double shownAt;
    private int timer = -1;

    private record Basis(Inference inference, Port target, Playback playback, int step, int steps, boolean attempted,
            Stop stop) {
        Basis at(int otherStep) {
            return new Basis(inference, target, playback, otherStep, steps, attempted, stop);
        }
    }

    public Inspector(Editor editor, Player player, HealthCheck health, Devices devices) {
        this.editor = editor;
        context = new Context(editor, player, health, devices, new Sections(), new Figures(), new Findings());
        Runnable changed = () -> Frames.request(refresh);
        Runnable renewed = () -> {
            basis = null;
            Frames.request(refresh);
        };
        editor.changed.listen(changed);
        editor.selection.changed.listen(renewed);
        player.moved.listen(changed);
        player.filter.changed.listen(renewed);
        health.changed.listen(renewed);
        devices.changed.listen(renewed);
        player.breakpoints.changed.listen(renewed);
        Text.onChange(renewed);
        Dom.on(body, "input", event -> typing = true);
        Dom.on(body, "change", event -> typing = false);
        Dom.on(body, "focusout", event -> {
            typing = false;
            Frames.request(refresh);
        });
        Dom.on(body, "scroll", (Event event) -> scrolled = body.getScrollTop());
        new ResizeObserver(entries -> {
            if (stale) {
                Frames.request(refresh);
            }
        }).observe(body);
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

    /** Opens a part of what it says of the selected node, by the name in its {@code data-section}, and goes there. */
    public void open(String section) {
        context.sections().open(section);
        show();
        HTMLElement part = body.querySelector("[data-section=\"" + section + "\"]");
        if (part != null) {
            part.scrollIntoView();
            HTMLElement head = part.querySelector("summary");
            head.focus();
        }
    }

    /** Makes the panel, if it is to be seen. */
    private void refresh() {
        if (HTMLDocument.current().getBody().getClassList().contains("inspector-folded")) {
            stale = true;
            basis = null;
            editor.spotlight.begin();
            editor.spotlight.settle();
            return;
        }
        if (typing && shown != null && shown.id().equals(editor.selection.single())) {
            // It is made when the field is left.
            return;
        }
        Basis now = basis();
        if (now.equals(basis)) {
            return;
        }
        boolean onlySteps = basis != null && now.at(basis.step).equals(basis);
        if (onlySteps && Performance.now() - shownAt < STEPS_MS) {
            later();
        } else {
            show();
        }
    }

    /** While steps follow one another faster than one can read, not each is shown; the last is. */
    private void later() {
        if (timer < 0) {
            timer = Window.setTimeout(() -> {
                timer = -1;
                Frames.request(refresh);
            }, STEPS_MS);
        }
    }

    private Basis basis() {
        Player player = context.player();
        return new Basis(editor.inference(), editor.graph().target(), player.playback(), player.step(),
                player.steps(), player.wasAttempted(), player.stop());
    }

    private void show() {
        stale = false;
        typing = false;
        basis = basis();
        shownAt = Performance.now();
        int from = scrolled;
        Draft draft = Draft.in(body);
        Dom.clear(body);
        editor.spotlight.begin();
        context.findings().of(context.player().playback());
        Graph graph = editor.graph();
        String id = editor.selection.single();
        Wire wire = editor.selection.wireEnd() == null ? null : graph.wireInto(editor.selection.wireEnd());
        if (id != null) {
            title.setTextContent(Text.of("inspector.node"));
            new NodePanel(context, graph.node(id)).fill(body);
        } else if (wire != null) {
            title.setTextContent(Text.of("inspector.edge"));
            new EdgePanel(context, wire).fill(body);
        } else {
            title.setTextContent(Text.of("inspector.run"));
            new RunPanel(context).fill(body);
        }
        editor.spotlight.settle();
        if (from > 0) {
            body.setScrollTop(from);
        }
        GraphNode node = id == null ? null : graph.node(id).at(0, 0);
        if (draft != null) {
            draft.restore(body, node != null && node.equals(shown));
        }
        shown = node;
    }
}
