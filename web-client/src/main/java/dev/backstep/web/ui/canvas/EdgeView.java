package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Wire;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.value.NormScale;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.Element;

/**
 * One wire: the line, a broader one that catches the pointer, and a label with the shape it carries and the gradient
 * that went along.
 */
final class EdgeView {
    /** What happens on a wire at the step one stands at. */
    enum State { REST, FLOWS, CARRIED, NOW }

    final Element element = Dom.svg("g", "edge");
    final Wire wire;

    private final Element line = Dom.svg("path", "edge-line");
    private final Element hit = Dom.svg("path", "edge-hit");
    private final HTMLElement chips;
    /** The label, made when there is something to say. */
    private HTMLElement chip;
    private final HTMLElement shape = Dom.make("span", "edge-shape");
    private final HTMLElement gradient = Dom.make("span", "edge-gradient");
    private Object shown;
    private String name = "";
    private String style = "edge";
    private EdgeCurve curve = new EdgeCurve(0, 0, 0, 0);
    private State state = State.REST;
    private boolean selected;
    private boolean folded;
    /** The gradient's norm as a level of the scale, or -1 where it is not shown. */
    private int level = -1;
    private boolean lit;
    private Detail.Level detail = Detail.Level.NEAR;

    EdgeView(Wire wire, HTMLElement chips) {
        this.wire = wire;
        this.chips = chips;
        element.setAttribute("data-edge", wire.to().node() + ":" + wire.to().index());
        element.setAttribute("role", "img");
        element.appendChild(line);
        element.appendChild(hit);
        element.setAttribute("class", style);
    }

    EdgeCurve curve() {
        return curve;
    }

    void draw(EdgeCurve newCurve) {
        if (newCurve.equals(curve)) {
            return;
        }
        curve = newCurve;
        String path = curve.path();
        line.setAttribute("d", path);
        hit.setAttribute("d", path);
        placeChip();
    }

    void select(boolean on) {
        if (on != selected) {
            selected = on;
            style();
        }
    }

    /** Says what it is called and which shape it carries, as text; an empty one is not drawn. */
    void describe(String newName, String shapeText) {
        if (!newName.equals(name)) {
            name = newName;
            element.setAttribute("aria-label", name);
        }
        if (!shapeText.equals(shape.getTextContent())) {
            shape.setTextContent(shapeText);
            label(shape, !shapeText.isEmpty());
        }
    }

    /** Whether it shows this state, and this object as the gradient that went along. */
    boolean shows(State wanted, Object moved) {
        return state == wanted && shown == moved;
    }

    /** Shows that an answer speaks of it. */
    void light(boolean on) {
        if (lit != on) {
            lit = on;
            style();
        }
    }

    /** Shows what happens on it; {@code text} is the gradient that went along, or null. */
    void show(State newState, Object moved, String text) {
        state = newState;
        shown = moved;
        style();
        if (text != null) {
            gradient.setTextContent(text);
        }
        label(gradient, text != null);
        if (chip != null) {
            Dom.flag(chip, "now", state == State.NOW);
        }
    }

    private void label(HTMLElement part, boolean wanted) {
        if (!wanted) {
            if (part.getParentNode() != null) {
                part.delete();
            }
            return;
        }
        if (chip == null) {
            chip = Dom.make("div", "edge-chip");
            showDetail();
            chips.appendChild(chip);
            placeChip();
        }
        if (part.getParentNode() == null) {
            chip.insertBefore(part, part == shape ? chip.getFirstChild() : null);
        }
    }

    /** Shows as much as that; false where it does already, or has nothing to show. */
    boolean show(Detail.Level level) {
        boolean changes = level != detail && chip != null;
        detail = level;
        if (changes) {
            showDetail();
        }
        return changes;
    }

    private void showDetail() {
        Dom.flag(chip, "far", detail == Detail.Level.FAR);
        Dom.flag(chip, "middle", detail == Detail.Level.MIDDLE);
    }

    /** Shows how large the gradient is that went along; null for not. */
    void norm(Double norm) {
        int newLevel = norm == null ? -1 : NormScale.level(norm);
        if (newLevel != level) {
            level = newLevel;
            style();
        }
    }

    private void style() {
        String wanted = "edge" + switch (state) {
            case REST -> "";
            case FLOWS -> " flows";
            case CARRIED -> " carried";
            case NOW -> " carried now";
        } + (level >= 0 ? " norm n" + level : "") + (selected ? " selected" : "") + (lit ? " lit" : "");
        if (!wanted.equals(style)) {
            style = wanted;
            element.setAttribute("class", style);
        }
    }

    /** Hides it where both its ends lie in one collapsed frame. */
    void fold(boolean on) {
        if (on != folded) {
            folded = on;
            Dom.attribute(element, "data-folded", on ? "" : null);
            placeChip();
        }
    }

    private void placeChip() {
        if (chip != null) {
            chip.setHidden(folded);
            chip.getStyle().setProperty("left", curve.xAt(0.5) + "px");
            chip.getStyle().setProperty("top", curve.yAt(0.5) + "px");
        }
    }

    void delete() {
        element.getParentNode().removeChild(element);
        if (chip != null) {
            chip.delete();
        }
    }
}
