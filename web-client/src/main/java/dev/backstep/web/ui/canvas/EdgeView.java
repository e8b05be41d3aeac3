package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Wire;
import dev.backstep.web.ui.Dom;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.Element;

/** One wire: the line, a broader one that catches the pointer, and a chip with the gradient that went along. */
final class EdgeView {
    /** What happens on a wire at the step one stands at. */
    enum State { REST, FLOWS, CARRIED, NOW }

    final Element element = Dom.svg("g", "edge");
    final Wire wire;

    private final Element line = Dom.svg("path", "edge-line");
    private final Element hit = Dom.svg("path", "edge-hit");
    private final HTMLElement chips;
    private HTMLElement chip;
    private EdgeCurve curve = new EdgeCurve(0, 0, 0, 0);
    private State state = State.REST;
    private boolean selected;

    EdgeView(Wire wire, HTMLElement chips) {
        this.wire = wire;
        this.chips = chips;
        element.setAttribute("data-edge", wire.to().node() + ":" + wire.to().index());
        element.setAttribute("role", "img");
        element.appendChild(line);
        element.appendChild(hit);
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
        selected = on;
        style();
    }

    /** Shows what happens on it; {@code text} is the gradient that went along, or null. */
    void show(State newState, String text) {
        state = newState;
        style();
        if (text == null) {
            if (chip != null) {
                chip.delete();
                chip = null;
            }
            return;
        }
        if (chip == null) {
            chip = Dom.make("div", "edge-chip", Dom.make("span", ""));
            chips.appendChild(chip);
            placeChip();
        }
        chip.getFirstChild().setTextContent(text);
        Dom.flag(chip, "now", state == State.NOW);
    }

    private void style() {
        element.setAttribute("class", "edge" + switch (state) {
            case REST -> "";
            case FLOWS -> " flows";
            case CARRIED -> " carried";
            case NOW -> " carried now";
        } + (selected ? " selected" : ""));
    }

    private void placeChip() {
        if (chip != null) {
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
