package dev.backstep.web.ui.autograd;

import dev.backstep.engine.step.BackwardGraph;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.GradFn;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Why;
import dev.backstep.web.jso.ResizeObserver;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Frames;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.canvas.Box;
import dev.backstep.web.ui.canvas.Viewport;
import dev.backstep.web.value.ByteText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.TextRectangle;
import org.teavm.jso.dom.xml.Element;

/**
 * PyTorch's own graph of the run at the step one stands at: {@code grad_fn} nodes from the result down to the leaves,
 * along {@code next_functions}, with what they keep and what was freed. A node is selected with the box that made it.
 */
public final class AutogradView {
    final HTMLElement view = Dom.make("div", "autograd-view");
    final Viewport viewport = new Viewport();

    /** How high the bars above and below the view are. */
    private static final double BAR = 54;
    private static final double READABLE = 0.8;

    private final HTMLElement area;
    private final Editor editor;
    private final Player player;
    private final HTMLElement world = Dom.make("div", "fn-world");
    private final HTMLElement bands = Dom.make("div", "storeys");
    private final Element edgeLayer = Dom.svg("svg", "fn-edges");
    private final HTMLElement cardLayer = Dom.make("div", "fns");
    private final HTMLElement status = Dom.make("div", "fn-status");
    private final HTMLElement empty = Dom.make("p", "fn-empty");
    private final HTMLElement legend = Dom.make("ul", "fn-legend");
    private final List<FnCard> cards = new ArrayList<>();
    private final List<Element> edges = new ArrayList<>();
    private final List<String> edgeStyles = new ArrayList<>();
    private final Runnable show = this::show;
    private Tape tape;
    private boolean visible;
    /** What is being selected is selected here, so the view need not come to it. */
    private boolean selecting;
    private GradFn current;
    private int shown;
    private double left;
    private double top;
    private double width;
    private double height;

    public AutogradView(HTMLElement area, Editor editor, Player player) {
        this.area = area;
        this.editor = editor;
        this.player = player;
        view.setTabIndex(0);
        view.setAttribute("role", "group");
        Dom.append(world, bands, cardLayer);
        world.appendChild(edgeLayer);
        Dom.append(area, Dom.append(view, world), status, empty, legend);
        new ViewTools(this).fill(area);
        new PanInput(this);
        new WalkInput(this);
        player.moved.listen(() -> Frames.request(show));
        editor.selection.changed.listen(this::selected);
        Text.onChange(this::translate);
        new ResizeObserver(entries -> resized()).observe(view);
    }

    private void translate() {
        view.setAttribute("aria-label", Text.of("autograd.title"));
        legend.setAttribute("aria-label", Text.of("autograd.legend"));
        Dom.clear(legend);
        for (String[] entry : new String[][] {{"leaf", Text.of("autograd.legend.leaf")},
            {"function", Text.of("autograd.legend.fn")}, {"saved", Text.of("autograd.legend.saved")},
            {"output", Text.of("autograd.legend.output")}, {"gone", Text.of("autograd.legend.freed")}}) {
            HTMLElement swatch = Dom.make("span", "fn-swatch " + entry[0]);
            swatch.setAttribute("aria-hidden", "true");
            legend.appendChild(Dom.make("li", "", swatch, Dom.make("span", "", entry[1])));
        }
        tape = null;
        Frames.request(show);
    }

    boolean isComputing() {
        return player.isComputing();
    }

    /** Shows the view, or hides it. */
    void setVisible(boolean on) {
        visible = on;
        area.setHidden(!on);
        if (on) {
            measure();
            show();
            if (tape != null) {
                arrive();
            }
        }
    }

    private void show() {
        if (!visible) {
            return;
        }
        Playback playback = player.playback();
        int step = player.step();
        BackwardGraph graph = playback == null ? null : playback.timeline().backwardGraph();
        BackwardGraph.Span span = graph == null ? null : graph.span(step);
        boolean any = graph != null && !graph.in(span).isEmpty();
        if (!any) {
            clear();
        } else if (tape == null || tape.playback != playback || !tape.span.equals(span)
                || tape.nodes.size() != graph.in(span).size()) {
            build(playback, span);
        }
        boolean some = any && tape.graph.countAt(step) > 0;
        empty.setHidden(some);
        empty.setTextContent(Text.of(playback == null ? "autograd.notRun" : any ? "autograd.notYet" : "autograd.none"));
        GradFn refusing = refusing(step);
        cards.forEach(card -> card.show(step, card.fn.equals(refusing)));
        showBands(step);
        status.setTextContent(some ? Text.of("autograd.status", tape.graph.countAt(step),
                ByteText.of(tape.graph.bytesAt(step)), ByteText.of(tape.graph.mostBytes(player.steps()))) : "");
        select();
        GradFn running = some && step != shown ? tape.graph.runningAt(step) : null;
        shown = step;
        if (running != null) {
            reveal(running);
        }
    }

    /** The node at which backward was refused in the event that led to a step, or null. */
    private GradFn refusing(int step) {
        Why.Refused why = tape != null && player.event() instanceof Event.Refused
                ? Why.refused(tape.playback, step - 1) : null;
        return why == null || why.node() == null ? null : tape.graph.of(why.node());
    }

    private boolean exists(GradFn fn) {
        return tape.graph.exists(fn, player.step());
    }

    private void clear() {
        tape = null;
        current = null;
        cards.clear();
        edges.clear();
        edgeStyles.clear();
        Dom.clear(cardLayer);
        Dom.clear(bands);
        while (edgeLayer.getFirstChild() != null) {
            edgeLayer.removeChild(edgeLayer.getFirstChild());
        }
    }

    private void build(Playback playback, BackwardGraph.Span span) {
        boolean hadFocus = focused() != null;
        GradFn before = current;
        clear();
        tape = new Tape(playback, span);
        for (GradFn fn : order(tape.nodes)) {
            FnCard card = new FnCard(tape, fn);
            cards.add(card);
            cardLayer.appendChild(card.element);
        }
        for (int i = 0; i < tape.links.size(); i++) {
            Tape.Link link = tape.links.get(i);
            Element edge = Dom.svg("g", "fn-edge");
            edge.setAttribute("role", "img");
            edge.setAttribute("aria-label", link.from().name() + ": "
                    + Text.of("autograd.next", link.place(), link.to().name(), link.output()));
            for (String part : new String[] {"fn-line", "fn-tip"}) {
                edge.appendChild(Dom.svg("path", part));
            }
            ((Element) edge.getFirstChild()).setAttribute("d", tape.path(i));
            ((Element) edge.getLastChild()).setAttribute("d", tape.tip(i));
            edges.add(edge);
            edgeStyles.add("");
            edgeLayer.appendChild(edge);
        }
        current = before == null ? null : tape.graph.of(before.node());
        shown = player.step();
        arrive();
        if (hadFocus) {
            view.focus();
        }
    }

    private void showEdge(int i, int step) {
        Tape.Link link = tape.links.get(i);
        String state = !exists(link.from()) ? " absent"
                : tape.graph.runningAt(step) == link.from() ? " now"
                : tape.graph.ranAt(link.from(), step) >= 0 ? " ran" : "";
        boolean near = current != null && (link.from().equals(current) || link.to().equals(current));
        String style = "fn-edge" + (link.from().storey() > 0 ? " above" : "") + state + (near ? " near" : "");
        if (!style.equals(edgeStyles.get(i))) {
            edgeStyles.set(i, style);
            edges.get(i).setAttribute("class", style);
        }
    }

    /** A ground for each storey, once there is a second. */
    private void showBands(int step) {
        Dom.clear(bands);
        for (int storey = 0; tape != null && storey < tape.storeys() && tape.bounds(step, 1) != null; storey++) {
            Box box = tape.bounds(step, storey);
            if (box != null) {
                HTMLElement band = Dom.make("div", "storey", Dom.make("span", "",
                        storey == 0 ? Text.of("autograd.storey.first") : Text.of("autograd.storey.above", storey + 1)));
                place(band, new Box(box.left() - 20, box.top() - 32, box.right() + 20, box.bottom() + 14));
                bands.appendChild(band);
            }
        }
    }

    private static void place(HTMLElement element, Box box) {
        element.getStyle().setProperty("transform", "translate(" + box.left() + "px," + box.top() + "px)");
        element.getStyle().setProperty("width", box.width() + "px");
        element.getStyle().setProperty("height", box.height() + "px");
    }

    // Selecting: here and in the drawing

    private void selected() {
        if (!visible || tape == null) {
            return;
        }
        select();
        if (!selecting && editor.selection.single() != null) {
            for (FnCard card : cards) {
                if (editor.selection.single().equals(card.fn.box()) && exists(card.fn)) {
                    current = card.fn;
                    reveal(card.fn);
                    break;
                }
            }
        }
    }

    private void select() {
        Set<String> chosen = Set.copyOf(editor.selection.nodes());
        for (FnCard card : cards) {
            boolean own = card.fn.box() != null && chosen.contains(card.fn.box());
            String root = root(card.fn);
            Dom.flag(card.element, "selected", own);
            Dom.flag(card.element, "linked", !own && root != null && chosen.contains(root));
            Dom.flag(card.element, "current", card.fn.equals(current));
        }
        for (int i = 0; i < edges.size(); i++) {
            showEdge(i, player.step());
        }
    }

    /** The box that a node goes back to, through the nodes that made it. */
    private static String root(GradFn fn) {
        GradFn at = fn;
        while (at.maker() != null) {
            at = at.maker();
        }
        return at.box();
    }

    /** Selects the box a node goes back to, and with it all its nodes. */
    void select(GradFn fn) {
        current = fn;
        String box = root(fn);
        selecting = true;
        if (box != null && editor.graph().node(box) != null) {
            editor.selection.set(List.of(box));
            Notices.announce(Text.of("autograd.selected", fn.name(), editor.graph().node(box).label()));
        }
        selecting = false;
        select();
    }

    void deselect() {
        current = null;
        editor.selection.clear();
        select();
    }

    /** A click at a point of the world. */
    void press(double x, double y) {
        for (FnCard card : cards) {
            if (exists(card.fn) && tape.box(card.fn).contains(x, y)) {
                card.element.focus();
                select(card.fn);
                return;
            }
        }
        view.focus();
        deselect();
    }

    // Walking

    /** The node that has the focus, or null. */
    GradFn focused() {
        HTMLElement active = HTMLDocument.current().getActiveElement();
        String id = active == null ? null : active.getAttribute("data-fn");
        return id == null || tape == null ? null
                : tape.nodes.stream().filter(fn -> id.equals(String.valueOf(fn.id()))).findFirst().orElse(null);
    }

    void focus(GradFn fn) {
        current = fn;
        cards.stream().filter(card -> card.fn.equals(fn)).findFirst().ifPresent(card -> card.element.focus());
        reveal(fn);
        select();
    }

    private List<GradFn> order(List<GradFn> fns) {
        return fns.stream().sorted(Comparator.<GradFn>comparingDouble(fn -> tape.box(fn).top())
                .thenComparingDouble(fn -> tape.box(fn).left())).toList();
    }

    /** The nodes there are, from top to bottom. */
    List<GradFn> order() {
        return tape == null ? List.of() : order(tape.at(player.step()));
    }

    /** The nodes that a node's edges lead to. */
    List<GradFn> below(GradFn fn) {
        return fn == null ? List.of() : tape.links.stream().filter(link -> link.from().equals(fn)).map(Tape.Link::to)
                .toList();
    }

    /** The nodes whose edges lead to a node. */
    List<GradFn> above(GradFn fn) {
        return fn == null ? List.of() : tape.links.stream()
                .filter(link -> link.to().equals(fn) && exists(link.from())).map(Tape.Link::from).toList();
    }

    List<GradFn> beside(GradFn fn) {
        return tape.beside(fn, player.step());
    }

    // The viewport

    void measure() {
        TextRectangle place = view.getBoundingClientRect();
        left = place.getLeft();
        top = place.getTop();
        width = place.getWidth();
        height = place.getHeight();
    }

    /** What runs now stays in sight when the event log opens, or the window shrinks. */
    private void resized() {
        measure();
        GradFn running = tape == null || !visible ? null : tape.graph.runningAt(player.step());
        if (running != null && width > 0 && exists(running)) {
            reveal(running);
        }
    }

    double left() {
        return left;
    }

    double top() {
        return top;
    }

    void showViewport() {
        world.getStyle().setProperty("transform", "translate(" + viewport.screenX(0) + "px," + viewport.screenY(0)
                + "px) scale(" + viewport.zoom() + ")");
    }

    void zoom(double factor) {
        viewport.zoomAt(width / 2, height / 2, factor);
        showViewport();
    }

    /** Shows all there is at this step; where that is too small to read what runs now, and all at the second press. */
    void fit() {
        if (tape == null) {
            fit(null);
            return;
        }
        double zoom = viewport.zoom();
        double x = viewport.screenX(0);
        double y = viewport.screenY(0);
        arrive();
        if (zoom == viewport.zoom() && x == viewport.screenX(0) && y == viewport.screenY(0)) {
            fit(tape.bounds(player.step(), -1));
        }
    }

    /** Shows what is selected; everything where nothing is. */
    void fitSelection() {
        Box box = null;
        for (FnCard card : cards) {
            if (card.element.getClassList().contains("selected") && exists(card.fn)) {
                box = box == null ? tape.box(card.fn) : box.and(tape.box(card.fn));
            }
        }
        fit(box != null ? box : tape == null ? null : tape.bounds(player.step(), -1));
    }

    private void fit(Box box) {
        measure();
        if (box != null && width > 0) {
            // The switch above and the legend below lie on the view.
            viewport.fit(box, width, Math.max(1, height - 2 * BAR));
            viewport.pan(0, BAR);
        }
        showViewport();
    }

    /** Shows all where it can be read, else what runs, or the top. */
    private void arrive() {
        Box all = tape.bounds(player.step(), -1);
        fit(all);
        if (all != null && viewport.zoom() < READABLE) {
            GradFn running = tape.graph.runningAt(player.step());
            Box near = tape.box(running != null && exists(running) ? running : order().getFirst());
            viewport.zoomAt(width / 2, height / 2, READABLE / viewport.zoom());
            viewport.pan(width / 2 - viewport.screenX((near.left() + near.right()) / 2),
                    (running == null ? BAR + 16 : height / 2) - viewport.screenY(near.top()));
            // No empty ground where there is more to see on the other side.
            viewport.pan(0, Math.max(0, height - BAR - viewport.screenY(all.bottom())));
            viewport.pan(0, Math.min(0, BAR + 16 - viewport.screenY(all.top())));
            showViewport();
        }
    }

    private void reveal(GradFn fn) {
        // As if the bars were not there.
        viewport.pan(0, -BAR);
        boolean moved = viewport.reveal(tape.box(fn), width, Math.max(1, height - 2 * BAR));
        viewport.pan(0, BAR);
        if (moved) {
            showViewport();
        }
    }
}
