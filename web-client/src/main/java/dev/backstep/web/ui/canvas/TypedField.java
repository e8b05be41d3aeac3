package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.ValueText;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.dom.xml.Element;

/**
 * A leaf's value on its node: a text, and a field in its place while one types. Each field scrolls, and whatever
 * scrolls is a part of its own in every frame that the browser makes, so a graph has no more of them than hands are
 * typing.
 */
final class TypedField {
    /** The longest typed-in text that a node lets one edit in place; longer ones belong in the inspector. */
    private static final int MAX_TYPED = 60;

    private static final String MARK = "data-typed";

    final HTMLElement text = Dom.make("span", "node-typed");

    private final HTMLElement owner;
    private HTMLInputElement field;
    private GraphNode node;

    /** @param owner the node's element, which keeps all it shows while one types into it, however far one is away */
    TypedField(HTMLElement owner) {
        this.owner = owner;
        text.setAttribute(MARK, "");
        // One that becomes a field as soon as it is reached.
        text.setAttribute("role", "textbox");
        text.setTabIndex(-1);
    }

    /** Whether an element of the page is the text of such a field. */
    static boolean isText(Element element) {
        return element.hasAttribute(MARK);
    }

    /** Shows what the document says, also in place of what was typed. */
    void update(GraphNode newNode) {
        node = newNode;
        text.setTextContent(shown());
        if (field != null) {
            fill();
            left();
        }
        translate();
    }

    void translate() {
        String name = Text.of("node.typed", node.label());
        text.setAttribute("aria-label", name);
        if (field != null) {
            field.setAttribute("aria-label", name);
        }
    }

    /** The leaf's value as text, cut short where it is too long to be edited here. */
    String shown() {
        String value = ValueText.write(Leaf.data(node.attrs()));
        return value.length() <= MAX_TYPED ? value : value.substring(0, MAX_TYPED) + "…";
    }

    /** What was typed and has not been taken over; null for nothing new. */
    String typed() {
        return field == null || field.isReadOnly() || field.getValue().equals(shown()) ? null : field.getValue();
    }

    /** Puts the cursor into the field, all of it selected. */
    void open() {
        if (field == null) {
            field = (HTMLInputElement) Dom.make("input", "node-input");
            field.setTabIndex(-1);
            field.setAttribute("spellcheck", "false");
            field.setAttribute("autocomplete", "off");
            fill();
            translate();
            text.getParentNode().insertBefore(field, text);
            text.setHidden(true);
        }
        Dom.flag(owner, "typing", true);
        field.focus();
        field.select();
    }

    /** Shows the text again once the field is left; what could not be read stays. */
    void left() {
        if (field == null || field == HTMLDocument.current().getActiveElement()) {
            return;
        }
        Dom.flag(owner, "typing", false);
        if (!field.hasAttribute("aria-invalid")) {
            HTMLInputElement gone = field;
            field = null;
            text.setHidden(false);
            gone.delete();
        }
    }

    /** Says why what was typed is no value, and leaves it there. */
    void refuse(String reason) {
        field.setAttribute("aria-invalid", "true");
        field.setTitle(reason);
        Notices.error(reason);
    }

    private void fill() {
        field.setReadOnly(!ValueText.write(Leaf.data(node.attrs())).equals(shown()));
        field.setValue(shown());
        field.removeAttribute("aria-invalid");
        field.setTitle("");
    }
}
