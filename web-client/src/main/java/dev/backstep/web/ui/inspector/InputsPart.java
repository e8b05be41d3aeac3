package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.web.session.Editor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** What a node's inputs are connected to; a wire can be selected and removed from here. */
final class InputsPart {
    private final Editor editor;
    private final GraphNode node;

    InputsPart(Editor editor, GraphNode node) {
        this.editor = editor;
        this.node = node;
    }

    void fill(HTMLElement panel) {
        Graph graph = editor.graph();
        NodeType type = NodeTypes.of(node);
        if (type.inputs().isEmpty()) {
            return;
        }
        HTMLElement list = Dom.make("dl", "facts inputs");
        int count = type.variadic() ? graph.wiresInto(node.id()).size() : type.inputs().size();
        for (int i = 0; i < count; i++) {
            Wire wire = type.variadic() ? graph.wiresInto(node.id()).get(i) : graph.wireInto(new Port(node.id(), i));
            String name = type.variadic() ? type.inputs().getFirst() + " " + (i + 1) : type.inputs().get(i);
            Dom.append(list, Dom.make("dt", "", name), wire == null
                    ? Dom.make("dd", "hint", Text.of("input.open")) : connected(wire, name));
        }
        Dom.append(Parts.section(panel, Text.of("node.inputs")), list);
    }

    private HTMLElement connected(Wire wire, String name) {
        HTMLElement source = Dom.button("link-button", null, editor.graph().name(wire.from()),
                () -> editor.selection.setWire(wire.to()));
        source.setAttribute("data-field", "input-" + wire.to().index());
        HTMLElement remove = Dom.iconButton("tool small", "x", Text.of("input.disconnect", name),
                () -> editor.apply(Edits.disconnect(editor.graph(), List.of(wire))));
        return Dom.make("dd", "", source, remove);
    }
}
