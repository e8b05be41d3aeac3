package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.GraphException;
import dev.backstep.web.session.LeafValues;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.value.ValueException;
import java.util.List;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.xml.Element;

/** The fields of leaves on the canvas. What cannot be read stays in its field, with the reason. */
final class TypedValues {
    private final Canvas canvas;

    TypedValues(Canvas canvas) {
        this.canvas = canvas;
        Dom.on(canvas.view, "change", (Event event) -> {
            Hit hit = hit(event);
            if (hit.isField()) {
                take(hit.node());
            }
        });
        Dom.on(canvas.view, "focusout", (Event event) -> {
            Hit hit = hit(event);
            NodeView node = hit.isField() ? canvas.scene.node(hit.node()) : null;
            if (node != null) {
                node.typed().left();
            }
        });
        Dom.on(canvas.view, "focusin", (Event event) -> {
            Hit hit = hit(event);
            if (TypedField.isText((Element) event.getTarget())) {
                typeInto(hit.node());
            }
            if (hit.isField() && hit.node() != null && !canvas.editor.selection.contains(hit.node())) {
                canvas.editor.selection.set(List.of(hit.node()));
            }
        });
    }

    private Hit hit(Event event) {
        return Hit.of((Element) event.getTarget(), canvas.view);
    }

    /** Puts the cursor into a leaf's value; does nothing where the node is no leaf, or null. */
    void typeInto(String node) {
        TypedField field = node == null || canvas.scene.notes.has(node) ? null : canvas.scene.node(node).typed();
        if (field != null) {
            field.open();
        }
    }

    /** Takes over what was typed; false where it cannot be read. */
    boolean take(String id) {
        TypedField field = canvas.scene.node(id).typed();
        String text = field.typed();
        if (text == null) {
            return true;
        }
        try {
            canvas.editor.apply(LeafValues.typed(canvas.editor.graph(), id, text));
            reset(id);
            return true;
        } catch (ValueException refused) {
            field.refuse(Reasons.text(refused));
        } catch (GraphException refused) {
            field.refuse(Reasons.text(refused.reason()));
        }
        return false;
    }

    /** Shows again what the document says. */
    void reset(String id) {
        NodeView node = canvas.scene.node(id);
        node.typed().update(node.node());
    }
}
