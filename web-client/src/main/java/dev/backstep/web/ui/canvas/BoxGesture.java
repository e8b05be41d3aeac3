package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.GraphNode;
import dev.backstep.web.session.Framing;
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
        for (String id : canvas.scene.shown()) {
            if (!chosen.contains(id) && isMeant(id, world)) {
                chosen.add(id);
            }
        }
        canvas.editor.selection.set(chosen);
    }

    /** A node need only be touched; an open frame must lie inside, since whoever selects in it does not mean it. */
    private boolean isMeant(String id, Box world) {
        Box box = canvas.scene.box(id);
        GraphNode node = canvas.editor.graph().node(id);
        boolean open = Framing.isFrame(node) && !Framing.isCollapsed(node);
        return open ? world.contains(box.left(), box.top()) && world.contains(box.right(), box.bottom())
                : box.meets(world);
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
