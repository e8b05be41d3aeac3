package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.web.ui.Dom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.teavm.jso.dom.xml.Element;

/** Cuts the wires that a stroke crosses, or the one that is clicked. */
final class CutGesture implements Gesture {
    private final Canvas canvas;
    private final Port clicked;
    private final Element stroke = Dom.svg("path", "cut-stroke");
    private final StringBuilder path = new StringBuilder();
    private final Set<Port> crossed = new LinkedHashSet<>();
    private double lastX;
    private double lastY;

    /** @param clicked the input that the wire under the pointer leads to, or null */
    CutGesture(Canvas canvas, Port clicked, double x, double y) {
        this.canvas = canvas;
        this.clicked = clicked;
        lastX = canvas.viewport.worldX(x);
        lastY = canvas.viewport.worldY(y);
        path.append('M').append(lastX).append(' ').append(lastY);
        canvas.scene.edgeLayer().appendChild(stroke);
        if (clicked != null) {
            mark(clicked);
        }
    }

    @Override
    public void move(double x, double y) {
        double worldX = canvas.viewport.worldX(x);
        double worldY = canvas.viewport.worldY(y);
        for (EdgeView edge : Lines.crossed(canvas.scene.edges(), lastX, lastY, worldX, worldY)) {
            mark(edge.wire.to());
        }
        lastX = worldX;
        lastY = worldY;
        stroke.setAttribute("d", path.append('L').append(worldX).append(' ').append(worldY).toString());
    }

    private void mark(Port end) {
        if (crossed.add(end)) {
            canvas.scene.edge(end).element.setAttribute("data-cut", "");
        }
    }

    @Override
    public void end(boolean moved) {
        List<Wire> wires = new ArrayList<>();
        crossed.forEach(end -> wires.add(canvas.scene.edge(end).wire));
        cancel();
        canvas.commands.cut(wires);
    }

    @Override
    public void cancel() {
        stroke.getParentNode().removeChild(stroke);
        crossed.forEach(end -> canvas.scene.edge(end).element.removeAttribute("data-cut"));
    }
}
