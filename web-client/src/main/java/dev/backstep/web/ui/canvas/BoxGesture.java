package dev.backstep.web.ui.canvas;

import dev.backstep.web.ui.Dom;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** Selects what a rectangle touches, besides what is selected already. */
final class BoxGesture implements Gesture {
    private final Canvas canvas;
    private final HTMLElement frame = Dom.make("div", "select-box");
    private final List<String> before;
    private final double startX;
    private final double startY;

    BoxGesture(Canvas canvas, double x, double y) {
        this.canvas = canvas;
        startX = x;
        startY = y;
        before = canvas.editor.selection.nodes();
        canvas.view.appendChild(frame);
    }

    @Override
    public void move(double x, double y) {
        Box screen = Box.between(startX, startY, x, y);
        frame.getStyle().setProperty("left", screen.left() + "px");
        frame.getStyle().setProperty("top", screen.top() + "px");
        frame.getStyle().setProperty("width", screen.width() + "px");
        frame.getStyle().setProperty("height", screen.height() + "px");
        Viewport viewport = canvas.viewport;
        Box world = Box.between(viewport.worldX(startX), viewport.worldY(startY),
                viewport.worldX(x), viewport.worldY(y));
        List<String> chosen = new ArrayList<>(before);
        for (NodeView node : canvas.scene.nodes()) {
            String id = node.node().id();
            if (!chosen.contains(id) && canvas.scene.box(id).meets(world)) {
                chosen.add(id);
            }
        }
        canvas.editor.selection.set(chosen);
    }

    @Override
    public void end(boolean moved) {
        frame.delete();
    }

    @Override
    public void cancel() {
        frame.delete();
        canvas.editor.selection.set(before);
    }
}
