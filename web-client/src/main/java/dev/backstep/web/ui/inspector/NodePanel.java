package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Edge;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Groups;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.timeline.Breaks;
import dev.backstep.web.value.TensorText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** One node is selected: what it is, what can be changed of it, its value and its gradient. */
final class NodePanel {
    private final Editor editor;
    private final Player player;
    private final GraphNode node;
    private final NodeType type;

    NodePanel(Editor editor, Player player, GraphNode node) {
        this.editor = editor;
        this.player = player;
        this.node = node;
        this.type = NodeTypes.of(node);
    }

    void fill(HTMLElement panel) {
        boolean acts = player.event() != null && player.event().boxes().contains(node.id());
        HTMLElement section = Dom.make("section", "section");
        panel.appendChild(section);
        identity(section);
        HTMLElement form = Dom.make("div", "form");
        if (type == Leaf.TYPE) {
            new LeafForm(editor, node).fill(form);
        } else {
            new AttrForm(editor, node).fill(form);
        }
        if (form.hasChildNodes()) {
            Dom.append(Parts.section(panel, Text.of(type == Leaf.TYPE ? "node.contents" : "node.attributes")), form);
        }
        new InputsPart(editor, node).fill(panel);
        if (acts) {
            new MomentPart(editor, player).fill(panel);
        }
        for (int i = 0; i < type.outputs().size(); i++) {
            output(panel, new Port(node.id(), i));
        }
    }

    private void identity(HTMLElement section) {
        HTMLElement symbol = Dom.make("span", "symbol", Groups.symbol(type));
        HTMLInputElement name = (HTMLInputElement) Dom.make("input", "field");
        name.setValue(node.label());
        name.setAttribute("data-field", "label");
        name.setAttribute("aria-label", Text.of("node.name"));
        name.setMaxLength(80);
        Dom.on(name, "change", event -> rename(name.getValue().strip()));
        HTMLElement line = Dom.make("div", "identity", symbol, name);
        line.setAttribute("data-group", Groups.name(type.group()));
        HTMLElement facts = Dom.make("dl", "facts");
        Parts.fact(facts, "PyTorch", type.torch());
        Dom.append(section, line, facts);
        Reason reason = player.playback() != null
                ? player.playback().reason(node.id()) : editor.inference().reason(node.id());
        if (reason != null) {
            section.appendChild(Dom.make("p", "problem", Reasons.text(reason)));
        }
        section.appendChild(actions());
    }

    private void rename(String label) {
        try {
            editor.apply(Edits.update(editor.graph(), List.of(node.labelled(label.isEmpty() ? type.type() : label))));
        } catch (GraphException refused) {
            Notices.error(Reasons.text(refused.reason()));
        }
    }

    private HTMLElement actions() {
        HTMLElement buttons = Dom.make("div", "buttons");
        Port output = new Port(node.id(), 0);
        if (!type.isLeaf() && !type.outputs().isEmpty()) {
            boolean chosen = output.equals(editor.graph().target());
            HTMLElement target = Dom.button("action outlined", "target",
                    Text.of(chosen ? "node.unsetTarget" : "node.setTarget"),
                    () -> editor.apply(Edits.target(editor.graph(), chosen ? null : output)));
            target.setAttribute("data-field", "target");
            target.setAttribute("aria-pressed", String.valueOf(chosen));
            buttons.appendChild(target);
        }
        boolean breaks = player.breakpoints.isAt(node.id());
        HTMLElement breakpoint = Dom.button("action outlined", "circle-dot", Text.of("break.toggle"),
                () -> Breaks.toggle(player, editor.graph(), node.id()));
        breakpoint.setAttribute("data-field", "breakpoint");
        breakpoint.setAttribute("aria-pressed", String.valueOf(breaks));
        breakpoint.setTitle(Text.of("break.toggle.hint"));
        HTMLElement runTo = Dom.button("action outlined", "arrow-right-to-line", Text.of("break.runHere"),
                () -> Breaks.runTo(player, editor.graph(), node.id()));
        runTo.setAttribute("data-field", "run-here");
        runTo.setTitle(Text.of("break.runHere.hint"));
        if (type.group() != Group.NOTE) {
            Dom.append(buttons, breakpoint, runTo);
        }
        buttons.appendChild(Dom.button("action outlined", "trash-2", Text.of("node.remove"),
                () -> editor.apply(Edits.remove(editor.graph(), List.of(node.id())))));
        return buttons;
    }

    private void output(HTMLElement panel, Port port) {
        Timeline timeline = player.timeline();
        Tensor value = timeline == null ? null : timeline.valueAt(port, player.step());
        String suffix = type.outputs().size() > 1 ? " · " + type.outputs().get(port.index()) : "";
        HTMLElement section = Parts.section(panel, Text.of("node.tensor") + suffix);
        HTMLElement facts = Parts.facts(section);
        Meta meta = value != null ? value.meta() : editor.inference().at(port);
        if (meta != null) {
            Parts.fact(facts, "shape", meta.shape() == null ? "?" : TensorText.shape(meta.shape()));
            Parts.fact(facts, "dtype", meta.dtype().torch());
        }
        if (value == null) {
            section.appendChild(Dom.make("p", "hint", Text.of("node.notComputed")));
            return;
        }
        Tensor tensor = player.playback().tensor(port);
        Parts.fact(facts, "requires_grad", tensor.requiresGrad() ? "True" : "False");
        Parts.fact(facts, "is_leaf", tensor.isLeaf() ? "True" : "False");
        Parts.fact(facts, "grad_fn", tensor.gradFn() == null ? "None" : tensor.gradFn().name());
        if (tensor.gradFn() != null) {
            Parts.fact(facts, "next_functions", nextFunctions(tensor));
        }
        section.appendChild(Dom.make("h3", "", Text.of("node.value")));
        section.appendChild(Parts.tensor(value, false));
        gradient(panel, port, tensor);
    }

    private static String nextFunctions(Tensor tensor) {
        StringBuilder names = new StringBuilder();
        for (Edge edge : tensor.gradFn().next()) {
            names.append(names.isEmpty() ? "" : ", ").append(edge.node() == null ? "None" : edge.node().name());
        }
        return names.toString();
    }

    /** {@code .grad}, and in between, where it stays None, the gradient that has arrived there. */
    private void gradient(HTMLElement panel, Port port, Tensor tensor) {
        Timeline timeline = player.timeline();
        Tensor grad = timeline.gradAt(port, player.step());
        Tensor arrived = timeline.arrivedAt(port, player.step());
        HTMLElement section = Parts.section(panel, Text.of("node.gradient"));
        if (grad != null) {
            section.appendChild(Parts.tensor(grad, true));
        } else if (arrived != null) {
            section.appendChild(Parts.tensor(arrived, true));
            section.appendChild(Dom.make("p", "form-help",
                    Text.of(tensor.isLeaf() ? "grad.arriving" : "grad.notLeaf")));
        } else {
            section.appendChild(Dom.make("p", "hint",
                    Text.of(tensor.requiresGrad() ? "grad.notYet" : "grad.notAsked")));
        }
    }
}
