package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.web.session.DataEdits;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Groups;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.data.DataFace;
import dev.backstep.web.value.ValueText;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** One node's element. It is made once and changed where something else is to be seen, so focus and typing stay. */
final class NodeView {
    final HTMLElement element = Dom.make("div", "node");

    private final HTMLElement symbol = Dom.make("span", "symbol");
    private final HTMLElement name = Dom.make("span", "node-name");
    /** The name as it is seen from afar. */
    private final HTMLElement farName = Dom.make("div", "node-far");
    private final HTMLElement badges = Dom.make("span", "node-badges");
    private final HTMLElement value = Dom.make("span", "node-row-text value");
    private final HTMLElement grad = Dom.make("span", "node-row-text");
    private final HTMLElement valueRow = Dom.make("div", "node-row");
    private final HTMLElement gradRow = Dom.make("div", "node-row grad");
    private final HTMLElement body = Dom.make("div", "node-body");
    private final HTMLElement torch = Dom.make("span", "node-torch");
    private final HTMLElement shapeText = Dom.make("span", "node-shape");
    private final List<HTMLElement> ports = new ArrayList<>();
    /** The value of a leaf, to be typed; null for other nodes. */
    private final TypedField typed;
    /** What was set of a box that gives no tensor; null for one that does. */
    private final HTMLElement settings;
    /** What a data box shows of itself; null for other nodes. */
    private final DataFace data;
    private final HTMLElement heats = Dom.make("div", "node-heats");
    private HTMLElement valueHeat;
    private HTMLElement gradHeat;
    private HTMLElement error;
    private GraphNode node;
    private NodeShape shape;
    private NodeFace face;
    /** What the face was made of; null for nothing known. */
    private Object basis;
    private boolean selected;
    private boolean lit;
    private boolean cause;
    private boolean hidden;
    private Detail.Level level = Detail.Level.NEAR;
    private double homeX = Double.NaN;
    private double homeY = Double.NaN;
    private double x = Double.NaN;
    private double y = Double.NaN;

    NodeView(GraphNode node, NodeShape shape) {
        NodeType type = NodeTypes.of(node);
        element.setAttribute("role", "group");
        element.setAttribute("data-node", node.id());
        element.setAttribute("data-group", Groups.name(type.group()));
        element.setTabIndex(-1);
        symbol.setTextContent(Groups.symbol(type));
        torch.setTextContent(type.torch());
        settings = type.outputs().isEmpty() ? Dom.make("div", "node-settings") : null;
        data = DataEdits.isData(node) ? new DataFace() : null;
        typed = node.type().equals(Leaf.TYPE.type()) ? new TypedField(element) : null;
        Dom.append(valueRow, Dom.make("span", "node-row-name"));
        if (typed != null) {
            valueRow.appendChild(typed.text);
        }
        valueRow.appendChild(value);
        Dom.append(gradRow, Dom.make("span", "node-row-name"), grad);
        Dom.append(element, Dom.make("div", "node-near",
                Dom.make("div", "node-head", symbol, name, badges),
                settings != null || data != null ? Dom.append(body, data != null ? data.element : settings)
                        : Dom.append(body, heats, Dom.make("div", "node-rows", valueRow, gradRow)),
                Dom.make("div", "node-foot", torch, shapeText)), farName);
        farName.setAttribute("aria-hidden", "true");
        update(node, shape);
        show(NodeFace.BLANK, null);
    }

    GraphNode node() {
        return node;
    }

    NodeShape shape() {
        return shape;
    }

    /** Takes over what the document says of the node, but for its place. */
    void update(GraphNode newNode, NodeShape newShape) {
        boolean onlyMoves = node != null && newShape.equals(shape) && newNode.at(node.x(), node.y()).equals(node);
        node = newNode;
        if (onlyMoves) {
            return;
        }
        name.setTextContent(node.label());
        name.setTitle(node.label());
        farName.setTextContent(node.label());
        farName.getStyle().setProperty("font-size",
                TextRoom.size(node.label(), NodeShape.WIDTH - 20, 22, 42) + "px");
        if (!newShape.equals(shape)) {
            shape = newShape;
            makePorts();
        }
        if (settings != null) {
            settings.setTextContent(settings());
        }
        if (typed != null) {
            typed.update(node);
        }
        translate();
    }

    /** What comes first, an optimizer's learning rate or a loop's epochs, and whatever else was set. */
    private String settings() {
        StringBuilder text = new StringBuilder();
        for (AttrSpec spec : NodeTypes.of(node).attrs()) {
            if (text.isEmpty() || node.attrs().has(spec.name())) {
                Object value = node.attrs().has(spec.name()) ? node.attrs().get(spec.name()) : spec.fallback();
                text.append(text.isEmpty() ? "" : ", ").append(spec.name()).append(' ').append(ValueText.write(value));
            }
        }
        return text.toString();
    }

    /** The field that a leaf's value is typed into; null for other nodes. */
    TypedField typed() {
        return typed;
    }

    /** Says the words in the page's language. */
    void translate() {
        HTMLElement valueName = (HTMLElement) valueRow.getFirstChild();
        valueName.setTextContent(Text.of("node.value"));
        HTMLElement gradName = (HTMLElement) gradRow.getFirstChild();
        gradName.setTextContent(Text.of("node.grad"));
        if (typed != null) {
            typed.translate();
        }
        if (data != null) {
            data.show(node);
        }
        NodeType type = NodeTypes.of(node);
        for (HTMLElement port : ports) {
            boolean input = port.getAttribute("data-port").startsWith("in:");
            HTMLElement portName = (HTMLElement) port.getLastChild();
            port.setAttribute("aria-label", Text.of(input ? "port.input" : "port.output",
                    portName.getTextContent(), node.label()));
        }
        element.setAttribute("aria-roledescription", Text.of("node.role", type.type()));
        if (face != null) {
            NodeFace old = face;
            face = null;
            show(old, null);
        }
    }

    private void makePorts() {
        ports.forEach(HTMLElement::delete);
        ports.clear();
        NodeType type = NodeTypes.of(node);
        for (int i = 0; i < shape.inputs(); i++) {
            String portName = type.variadic() ? type.inputs().getFirst() + " " + (i + 1) : type.inputs().get(i);
            makePort("in", i, shape.inputs(), portName, shape.inputY(i));
        }
        for (int i = 0; i < shape.outputs(); i++) {
            makePort("out", i, shape.outputs(), type.outputs().get(i), shape.outputY(i));
        }
        element.getStyle().setProperty("height", shape.height() + "px");
    }

    private void makePort(String side, int index, int count, String portName, double y) {
        HTMLElement port = Dom.make("button", "port " + side, Dom.make("span", "port-name", portName));
        Dom.flag(port, "lone", count == 1);
        port.setAttribute("type", "button");
        port.setAttribute("data-port", side + ":" + index);
        port.setTabIndex(-1);
        port.getStyle().setProperty("top", y + "px");
        element.appendChild(port);
        ports.add(port);
    }

    HTMLElement input(int index) {
        return ports.get(index);
    }

    HTMLElement output(int index) {
        return ports.get(shape.inputs() + index);
    }

    /**
     * Draws it where the document has it; false where it is drawn there. A transform at every node would cost each
     * frame dearly.
     */
    boolean settle() {
        boolean elsewhere = x != node.x() || y != node.y();
        if (homeX != node.x() || homeY != node.y()) {
            homeX = node.x();
            homeY = node.y();
            x = homeX;
            y = homeY;
            element.getStyle().setProperty("left", homeX + "px");
            element.getStyle().setProperty("top", homeY + "px");
            element.getStyle().removeProperty("transform");
        }
        move(homeX, homeY);
        return elsewhere;
    }

    /** Draws it elsewhere for a while. */
    void move(double newX, double newY) {
        if (newX != x || newY != y) {
            x = newX;
            y = newY;
            if (x == homeX && y == homeY) {
                element.getStyle().removeProperty("transform");
            } else {
                element.getStyle().setProperty("transform", "translate(" + (x - homeX) + "px," + (y - homeY) + "px)");
            }
        }
    }

    boolean isSelected() {
        return selected;
    }

    boolean isFailed() {
        return face.error() != null;
    }

    void select(boolean on) {
        if (on != selected) {
            selected = on;
            Dom.flag(element, "selected", on);
        }
    }

    /** Shows that an answer speaks of it, or that it is the cause. */
    void light(boolean newLit, boolean newCause) {
        if (newLit != lit || newCause != cause) {
            lit = newLit;
            cause = newCause;
            Dom.flag(element, "lit", lit);
            Dom.flag(element, "cause", cause);
        }
    }

    void hide(boolean on) {
        if (on != hidden) {
            hidden = on;
            element.setHidden(on);
        }
    }

    /** Shows as much as that; false where it does already. */
    boolean show(Detail.Level newLevel) {
        boolean changes = (newLevel == Detail.Level.FAR) != (level == Detail.Level.FAR);
        level = newLevel;
        if (changes) {
            Dom.flag(element, "far", level == Detail.Level.FAR);
        }
        return changes;
    }

    /** Where it is drawn now. */
    Box box() {
        return shape.box(x, y);
    }

    /** What the face shown was made of, as {@link #show} was told; null where it must be made anew. */
    Object basis() {
        return basis;
    }

    /** Shows what is known at this step. */
    void show(NodeFace newFace, Object newBasis) {
        basis = newBasis;
        if (newFace.equals(face)) {
            return;
        }
        NodeFace old = face;
        face = newFace;
        text(shapeText, face.shape(), old == null ? null : old.shape());
        Dom.flag(torch, "long",
                TextRoom.width(torch.getTextContent() + face.shape(), 10.5) > NodeShape.WIDTH - 32);
        Dom.flag(shapeText, "long", TextRoom.width(face.shape(), 10.5) > NodeShape.WIDTH - 70);
        String valueText = face.value() == null ? "—" : face.value();
        text(value, valueText, null);
        Dom.flag(valueRow, "typed", typed != null && !face.written());
        Dom.flag(valueRow, "written", typed != null && face.written());
        Dom.flag(valueRow, "none", face.value() == null && typed == null);
        boolean sum = face.sum() != null;
        String gradText = sum ? face.sum() : face.grad() == null ? Text.of("node.none") : face.grad();
        text(grad, gradText, null);
        Dom.flag(gradRow, "none", !sum && face.grad() == null);
        Dom.flag(gradRow, "sum", sum);
        valueHeat = showHeat(valueHeat, face.valueHeat(), "value");
        gradHeat = showHeat(gradHeat, face.gradHeat(), "grad");
        int pictures = (face.valueHeat() == null ? 0 : 1) + (face.gradHeat() == null ? 0 : 1);
        Dom.flag(body, "pictured", pictures > 0);
        double room = NodeShape.WIDTH - 26 - (pictures == 0 ? 0 : pictures == 1 ? 48 : 70);
        Dom.flag(value, "long", TextRoom.width(valueText, 12.5) > room - 38);
        if (typed != null) {
            Dom.flag(typed.text, "long", face.written() || TextRoom.width(typed.shown(), 12.5) > room - 48);
        }
        Dom.flag(grad, "long", TextRoom.width(gradText, 12.5) > (sum ? room : room - 38));
        showError();
        Dom.flag(element, "failed", face.error() != null);
        Dom.flag(element, "breaks", face.breaks());
        Dom.flag(element, "now", face.mark() == NodeFace.Mark.NOW);
        Dom.flag(element, "computed", face.mark() == NodeFace.Mark.COMPUTED);
        if (old == null || !old.badges().equals(face.badges())) {
            showBadges();
        }
        element.setAttribute("aria-label", describe());
    }

    private static void text(HTMLElement element, String text, String old) {
        if (!text.equals(old)) {
            element.setTextContent(text);
            element.setTitle(text.equals("—") ? "" : text);
        }
    }

    /** Shows a picture, or none; the element that holds it now. */
    private HTMLElement showHeat(HTMLElement heat, String picture, String kind) {
        if (picture == null) {
            if (heat != null) {
                heat.delete();
            }
            return null;
        }
        HTMLElement shown = heat;
        if (shown == null) {
            shown = Dom.make("div", "node-heat " + kind);
            heats.insertBefore(shown, kind.equals("value") ? heats.getFirstChild() : null);
        }
        // The same picture is not loaded again: it would blink.
        if (!picture.equals(shown.getAttribute("data-picture"))) {
            shown.setAttribute("data-picture", picture);
            shown.getStyle().setProperty("background-image", "url(" + picture + ")");
        }
        return shown;
    }

    private void showError() {
        if (face.error() == null) {
            if (error != null) {
                error.delete();
                error = null;
            }
            return;
        }
        if (error == null) {
            error = Dom.make("div", "node-error");
            element.appendChild(error);
        }
        error.setTextContent(face.error());
    }

    private void showBadges() {
        Dom.clear(badges);
        double width = 0;
        for (Badge badge : face.badges()) {
            HTMLElement mark = Dom.make("span", "badge " + badge.style(), badge.text());
            mark.setTitle(badge.meaning());
            badges.appendChild(mark);
            width += TextRoom.width(badge.text(), 10.5) + 15;
        }
        Dom.flag(name, "long", TextRoom.width(node.label(), 13) > NodeShape.WIDTH - 44 - width);
    }

    private String describe() {
        StringBuilder text = new StringBuilder(node.label()).append(", ").append(NodeTypes.of(node).torch());
        if (!face.shape().isEmpty()) {
            text.append(", ").append(face.shape());
        }
        String shown = typed != null && !face.written() ? typed.shown() : face.value();
        if (shown != null) {
            text.append(", ").append(Text.of("node.value")).append(' ').append(shown);
        }
        text.append(", ").append(settings != null ? settings() : data != null ? data.text()
                : Text.of("node.grad") + ' ' + (face.grad() == null ? Text.of("node.none") : face.grad()));
        for (Badge badge : face.badges()) {
            text.append(", ").append(badge.meaning());
        }
        if (face.breaks()) {
            text.append(", ").append(Text.of("break.here"));
        }
        if (face.error() != null) {
            text.append(", ").append(face.error());
        }
        return text.toString();
    }
}
