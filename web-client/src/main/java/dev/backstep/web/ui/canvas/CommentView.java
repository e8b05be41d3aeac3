package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.GraphNode;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;

/** A comment: its text on a coloured slip. */
final class CommentView extends NoteView {
    static final double WIDTH = 220;
    /** Until it has been drawn. */
    private static final double HEIGHT = 60;

    private final HTMLElement text;
    private double x;
    private double y;

    CommentView(GraphNode node) {
        this(node, Dom.make("div", "comment-text"));
    }

    private CommentView(GraphNode node, HTMLElement text) {
        super(node, "comment", text);
        this.text = text;
        element.appendChild(text);
        update(node);
    }

    @Override
    void update(GraphNode newNode) {
        super.update(newNode);
        translate();
    }

    @Override
    String fallbackColour() {
        return "yellow";
    }

    @Override
    String shownText() {
        return node().attrs().has("text") ? node().attrs().text("text") : "";
    }

    @Override
    void translate() {
        boolean empty = shownText().isBlank();
        text.setTextContent(empty ? Text.of("note.empty") : shownText());
        Dom.flag(text, "empty", empty);
        element.setAttribute("aria-label", Text.of("note.comment", shownText()));
    }

    void moveTo(double newX, double newY) {
        x = newX;
        y = newY;
        place(box());
    }

    /** Where it is drawn; how high it is only the page knows. */
    Box box() {
        int height = element.getOffsetHeight();
        return new Box(x, y, x + WIDTH, y + (height == 0 ? HEIGHT : height));
    }
}
