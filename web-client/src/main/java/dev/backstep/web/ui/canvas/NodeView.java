package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Groups;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.ValueText;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** One node's element. It is made once and changed where something else is to be seen, so focus and typing stay. */
final class NodeView {
    /** The longest typed-in text that a node lets one edit in place; longer ones belong in the inspector. */
    private static final int MAX_TYPED = 60;

    final HTMLElement element = Dom.make("div", "node");

    private final HTMLElement symbol = Dom.make("span", "symbol");
    private final HTMLElement name = Dom.make("span", "node-name");
    private final HTMLElement badges = Dom.make("span", "node-badges");
    private final HTMLElement value = Dom.make("span", "node-row-text value");
    private final HTMLElement grad = Dom.make("span", "node-row-text");
    private final HTMLElement valueRow = Dom.make("div", "node-row");
    private final HTMLElement gradRow = Dom.make("div", "node-row grad");
    private final HTMLElement body = Dom.make("div", "node-body");
    private final HTMLElement torch = Dom.make("span", "node-torch");
    private final HTMLElement shapeText = Dom.make("span", "node-shape");
    private final List<HTMLElement> ports = new ArrayList<>();
    private final HTMLInputElement typed;
    private HTMLElement heat;
    private HTMLElement error;
    private GraphNode node;
    private NodeShape shape;
    private NodeFace face;
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
        typed = node.type().equals(Leaf.TYPE.type()) ? (HTMLInputElement) Dom.make("input", "node-input value") : null;
        Dom.append(valueRow, Dom.make("span", "node-row-name"), typed == null ? value : typed);
        Dom.append(gradRow, Dom.make("span", "node-row-name"), grad);
        Dom.append(element, Dom.make("div", "node-head", symbol, name, badges),
                Dom.append(body, Dom.make("div", "node-rows", valueRow, gradRow)),
                Dom.make("div", "node-foot", torch, shapeText));
        if (typed != null) {
            typed.setTabIndex(-1);
            typed.setAttribute("spellcheck", "false");
            typed.setAttribute("autocomplete", "off");
        }
        update(node, shape);
        show(NodeFace.BLANK);
    }

    GraphNode node() {
        return node;
    }

    NodeShape shape() {
        return shape;
    }

    /** Takes over what the document says of the node, but for its place. */
    void update(GraphNode newNode, NodeShape newShape) {
        node = newNode;
        name.setTextContent(node.label());
        name.setTitle(node.label());
        if (!newShape.equals(shape)) {
            shape = newShape;
            makePorts();
        }
        if (typed != null) {
            typed.setReadOnly(ValueText.write(Leaf.data(node.attrs())).length() > MAX_TYPED);
            typed.setValue(shownText());
            typed.removeAttribute("aria-invalid");
            typed.setTitle("");
        }
        translate();
    }

    /** The field that a leaf's value is typed into; null for other nodes. */
    HTMLInputElement typed() {
        return typed;
    }

    /** The leaf's value as text, cut short where it is too long to be edited here. */
    String shownText() {
        String text = ValueText.write(Leaf.data(node.attrs()));
        return text.length() <= MAX_TYPED ? text : text.substring(0, MAX_TYPED) + "…";
    }

    /** Says why what was typed is no value, and leaves it there. */
    void refuseTyped(String reason) {
        typed.setAttribute("aria-invalid", "true");
        typed.setTitle(reason);
        Notices.error(reason);
    }

    /** Says the words in the page's language. */
    void translate() {
        HTMLElement valueName = (HTMLElement) valueRow.getFirstChild();
        valueName.setTextContent(Text.of("node.value"));
        HTMLElement gradName = (HTMLElement) gradRow.getFirstChild();
        gradName.setTextContent(Text.of("node.grad"));
        if (typed != null) {
            typed.setAttribute("aria-label", Text.of("node.typed", node.label()));
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
            show(old);
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

    /** Draws it where the document has it. A transform at every node would cost each frame dearly. */
    void settle() {
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

    /** Where it is drawn now. */
    Box box() {
        return shape.box(x, y);
    }

    /** Shows what is known at this step. */
    void show(NodeFace newFace) {
        if (newFace.equals(face)) {
            return;
        }
        face = newFace;
        shapeText.setTextContent(face.shape());
        shapeText.setTitle(face.shape());
        value.setTextContent(face.value() == null ? "—" : face.value());
        value.setTitle(face.value() == null ? "" : face.value());
        Dom.flag(valueRow, "none", face.value() == null && typed == null);
        boolean sum = face.sum() != null;
        grad.setTextContent(sum ? face.sum() : face.grad() == null ? Text.of("node.none") : face.grad());
        grad.setTitle(sum ? face.sum() : face.grad() == null ? "" : face.grad());
        Dom.flag(gradRow, "none", !sum && face.grad() == null);
        Dom.flag(gradRow, "sum", sum);
        showHeat();
        showError();
        Dom.flag(element, "failed", face.error() != null);
        Dom.flag(element, "now", face.mark() == NodeFace.Mark.NOW);
        Dom.flag(element, "computed", face.mark() == NodeFace.Mark.COMPUTED);
        showBadges();
        element.setAttribute("aria-label", describe());
    }

    private void showHeat() {
        if (face.heat() == null) {
            if (heat != null) {
                heat.delete();
                heat = null;
            }
            return;
        }
        if (heat == null) {
            heat = Dom.make("img", "node-heat");
            heat.setAttribute("alt", "");
            heat.setAttribute("draggable", "false");
            body.insertBefore(heat, body.getFirstChild());
        }
        if (!face.heat().equals(heat.getAttribute("src"))) {
            heat.setAttribute("src", face.heat());
        }
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
        if (face.target()) {
            badge("target", "node.badge.target", "node.target");
        }
        if (typed != null && !face.requiresGrad()) {
            badge("leaf", "node.badge.leaf", "node.leaf");
        }
        if (face.requiresGrad()) {
            badge("req", "node.badge.requiresGrad", "node.requiresGrad");
        }
    }

    private void badge(String kind, String textKey, String meaningKey) {
        HTMLElement badge = Dom.make("span", "badge " + kind, Text.of(textKey));
        badge.setTitle(Text.of(meaningKey));
        badges.appendChild(badge);
    }

    private String describe() {
        StringBuilder text = new StringBuilder(node.label()).append(", ").append(NodeTypes.of(node).torch());
        if (!face.shape().isEmpty()) {
            text.append(", ").append(face.shape());
        }
        String shown = typed != null ? typed.getValue() : face.value();
        if (shown != null) {
            text.append(", ").append(Text.of("node.value")).append(' ').append(shown);
        }
        text.append(", ").append(Text.of("node.grad")).append(' ')
                .append(face.grad() == null ? Text.of("node.none") : face.grad());
        if (face.target()) {
            text.append(", ").append(Text.of("node.target"));
        }
        if (face.error() != null) {
            text.append(", ").append(face.error());
        }
        return text.toString();
    }
}
