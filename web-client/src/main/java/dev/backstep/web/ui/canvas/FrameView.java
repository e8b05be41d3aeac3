package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Note;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.web.session.Framing;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Icons;
import dev.backstep.web.ui.Text;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** A frame: a border around its members; collapsed, one box with the ports at which wires cross that border. */
final class FrameView extends NoteView {
    /** How far the border lies outside the members; above them stands the name. */
    static final double PAD = 22;
    static final double HEAD = 34;
    private static final double EMPTY_WIDTH = 260;
    private static final double EMPTY_HEIGHT = 150;

    private final HTMLElement name;
    private final HTMLElement count = Dom.make("span", "frame-count");
    private final HTMLElement noGrad = Dom.make("span", "badge no-grad", "no_grad");
    private final HTMLElement frozenMark = Dom.make("span", "frame-frozen");
    private final HTMLElement toggle = Dom.iconButton("tool small frame-toggle", "chevron-down", "", () -> {});
    private final List<HTMLElement> ports = new ArrayList<>();
    private Framing.Border border = new Framing.Border(List.of(), List.of());
    private Box box;
    private boolean frozen;

    FrameView(GraphNode node, Runnable toggled) {
        this(node, Dom.make("span", "frame-name"), toggled);
    }

    private FrameView(GraphNode node, HTMLElement name, Runnable toggled) {
        super(node, "frame", name);
        this.name = name;
        toggle.setTabIndex(-1);
        // It answers to clicks alone: a press would begin to drag the frame, and the canvas keeps fingers' clicks off.
        Dom.on(toggle, "pointerdown", event -> event.stopPropagation());
        Dom.on(toggle, "touchend", event -> event.stopPropagation());
        Dom.on(toggle, "click", event -> toggled.run());
        Dom.append(element, Dom.make("div", "frame-head", toggle, name, frozenMark, noGrad, count));
        frozenMark.appendChild(Icons.make("snowflake"));
    }

    void update(Graph graph, GraphNode newNode) {
        update(newNode);
        boolean collapsed = isCollapsed();
        name.setTextContent(newNode.label());
        name.setTitle(newNode.label());
        Dom.flag(element, "collapsed", collapsed);
        Dom.flag(element, "without-grad", newNode.attrs().flag("no_grad"));
        frozen = LayerFrame.is(newNode) && LayerFrame.isFrozen(graph, newNode);
        frozenMark.setHidden(!frozen);
        frozenMark.setTitle(Text.of("layer.frozen"));
        Dom.flag(element, "layer", LayerFrame.is(newNode));
        noGrad.setHidden(!newNode.attrs().flag("no_grad"));
        Icons.change(toggle, collapsed ? "chevron-right" : "chevron-down");
        Framing.Border newBorder = collapsed ? Framing.border(graph, newNode)
                : new Framing.Border(List.of(), List.of());
        ports.forEach(HTMLElement::delete);
        ports.clear();
        border = newBorder;
        NodeShape shape = shape();
        for (int i = 0; i < border.inputs().size(); i++) {
            addPort(graph, "in", border.inputs().get(i), shape.inputY(i));
        }
        for (int i = 0; i < border.outputs().size(); i++) {
            addPort(graph, "out", border.outputs().get(i), shape.outputY(i));
        }
        translate();
    }

    /** A port of a member, shown here; it says that it is the member's. */
    private void addPort(Graph graph, String side, Port port, double y) {
        GraphNode member = graph.node(port.node());
        NodeType type = NodeTypes.of(member);
        List<String> names = side.equals("in") ? type.inputs() : type.outputs();
        String portName = type.variadic() && side.equals("in")
                ? names.getFirst() + " " + (port.index() + 1) : names.get(port.index());
        HTMLElement element = Dom.make("button", "port linked " + side,
                Dom.make("span", "port-name", LayerFrame.is(node()) ? portName : member.label() + "." + portName));
        element.setAttribute("type", "button");
        element.setAttribute("data-port", side + ":" + port.index());
        element.setAttribute("data-node", port.node());
        element.setAttribute("aria-label", Text.of(side.equals("in") ? "port.input" : "port.output", portName,
                member.label()));
        element.setTabIndex(-1);
        element.getStyle().setProperty("top", y + "px");
        this.element.appendChild(element);
        ports.add(element);
    }

    @Override
    String fallbackColour() {
        return "blue";
    }

    @Override
    String shownText() {
        return node().label();
    }

    @Override
    void translate() {
        int members = Note.members(node()).size();
        boolean layer = LayerFrame.is(node());
        count.setTextContent(layer ? LayerFrame.layer(node()) : Text.of("note.members", members));
        count.setTitle(layer ? LayerFrame.layer(node()) : "");
        Dom.label(toggle, Text.of(isCollapsed() ? "note.expand" : "note.collapse"));
        String text = Text.of("note.frame", node().label(), members);
        if (layer) {
            text += ", " + LayerFrame.layer(node());
        }
        if (frozen) {
            text += ", " + Text.of("layer.frozen");
        }
        if (node().attrs().flag("no_grad")) {
            text += ", no_grad";
        }
        element.setAttribute("aria-label", text);
        toggle.setAttribute("aria-expanded", String.valueOf(!isCollapsed()));
    }

    boolean isCollapsed() {
        return Framing.isCollapsed(node());
    }

    private NodeShape shape() {
        return new NodeShape(border.inputs().size(), border.outputs().size());
    }

    /** Draws it around its members; where there are none, as large as it was, or where the document has it. */
    void drawAround(Box members) {
        Box around = members == null
                ? box != null ? box : new Box(node().x(), node().y(), node().x() + EMPTY_WIDTH,
                        node().y() + EMPTY_HEIGHT)
                : new Box(members.left() - PAD, members.top() - PAD - HEAD, members.right() + PAD,
                        members.bottom() + PAD);
        show(isCollapsed() ? shape().box(around.left(), around.top()) : around);
    }

    /** Draws an empty one elsewhere. */
    void moveTo(double x, double y) {
        show(new Box(x, y, x + box.width(), y + box.height()));
    }

    private void show(Box newBox) {
        box = newBox;
        place(box);
        element.getStyle().setProperty("width", box.width() + "px");
        element.getStyle().setProperty("height", box.height() + "px");
    }

    Box box() {
        return box;
    }

    /** The element of a member's port while it is collapsed; null for ports that no wire from outside reaches. */
    HTMLElement port(Port port, boolean input) {
        int index = (input ? border.inputs() : border.outputs()).indexOf(port);
        return index < 0 ? null : ports.get(input ? index : border.inputs().size() + index);
    }

    /** Where a wire ends that leads to a member's port while it is collapsed. */
    Scene.Spot spot(Port port, boolean input) {
        int index = (input ? border.inputs() : border.outputs()).indexOf(port);
        if (index < 0) {
            return new Scene.Spot((box.left() + box.right()) / 2, (box.top() + box.bottom()) / 2);
        }
        NodeShape shape = shape();
        return new Scene.Spot(input ? box.left() : box.right(),
                box.top() + (input ? shape.inputY(index) : shape.outputY(index)));
    }
}
