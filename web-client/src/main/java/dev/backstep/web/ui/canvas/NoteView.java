package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.GraphNode;
import dev.backstep.web.jso.TextField;
import dev.backstep.web.ui.Dom;
import java.util.function.Consumer;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.events.KeyboardEvent;
import org.teavm.jso.dom.html.HTMLElement;

/** What comments and frames have in common: an element somewhere, with a text that is changed in its place. */
abstract class NoteView {
    final HTMLElement element;

    private final HTMLElement text;
    private HTMLElement field;
    private GraphNode node;

    NoteView(GraphNode node, String kind, HTMLElement text) {
        this.node = node;
        this.text = text;
        element = Dom.make("div", "note " + kind);
        element.setAttribute("data-node", node.id());
        element.setAttribute("role", "group");
        element.setTabIndex(-1);
    }

    GraphNode node() {
        return node;
    }

    void update(GraphNode newNode) {
        node = newNode;
        String colour = node.attrs().has("color") ? node.attrs().text("color") : "";
        element.setAttribute("data-colour", colour.isEmpty() ? fallbackColour() : colour);
    }

    abstract String fallbackColour();

    abstract String shownText();

    /** Says the words in the page's language. */
    abstract void translate();

    void place(Box box) {
        element.getStyle().setProperty("left", box.left() + "px");
        element.getStyle().setProperty("top", box.top() + "px");
    }

    /**
     * Puts a field in the text's place.
     *
     * @param tag input, or textarea for text of several lines
     * @param taken gets what was typed, once, when the field is left by anything but Escape
     */
    void edit(String tag, String name, Consumer<String> taken) {
        if (field != null) {
            return;
        }
        field = Dom.make(tag, "note-field");
        field.setAttribute("aria-label", name);
        field.setAttribute("spellcheck", "false");
        ((TextField) field).setValue(shownText());
        text.getParentNode().insertBefore(field, text);
        text.setHidden(true);
        Dom.on(field, "change", Event::stopPropagation);
        Dom.on(field, "blur", (Event event) -> end(taken));
        Dom.on(field, "keydown", (KeyboardEvent event) -> {
            boolean done = event.getKey().equals("Enter") && (tag.equals("input") || event.isCtrlKey()
                    || event.isMetaKey());
            if (done) {
                end(taken);
                element.focus();
                event.preventDefault();
            } else if (event.getKey().equals("Escape")) {
                end(typed -> {});
                element.focus();
            }
            event.stopPropagation();
        });
        field.focus();
        ((TextField) field).select();
    }

    private void end(Consumer<String> taken) {
        HTMLElement ended = field;
        if (ended == null) {
            return;
        }
        field = null;
        String typed = ((TextField) ended).getValue();
        text.setHidden(false);
        ended.delete();
        if (!typed.equals(shownText())) {
            taken.accept(typed);
        }
    }
}
