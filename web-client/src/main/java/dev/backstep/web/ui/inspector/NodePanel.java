package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.CreatedLeaf;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.Nested;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.tensor.Edge;
import dev.backstep.engine.tensor.Group;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Node;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.session.DataEdits;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.LeafValues;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Entry;
import dev.backstep.web.ui.Groups;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.devices.DeviceMark;
import dev.backstep.web.ui.timeline.Breaks;
import dev.backstep.web.value.TensorText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;

/** One node is selected: what it is, what can be changed of it, its value and its gradient. */
final class NodePanel {
    private final Context context;
    private final Editor editor;
    private final Player player;
    private final GraphNode node;
    private final NodeType type;

    NodePanel(Context context, GraphNode node) {
        this.context = context;
        this.editor = context.editor();
        this.player = context.player();
        this.node = node;
        this.type = NodeTypes.of(node);
    }

    void fill(HTMLElement panel) {
        boolean acts = player.event() != null && player.event().boxes().contains(node.id());
        HTMLElement section = Dom.make("section", "section");
        panel.appendChild(section);
        identity(section);
        boolean ran = player.event() instanceof Event.NodeRun run && node.id().equals(run.box());
        if (acts && !ran) {
            new MomentPart(context).fill(panel);
        }
        if (ran) {
            lens(panel, true);
        }
        contents(panel);
        new InputsPart(editor, node).fill(panel);
        for (int i = 0; i < type.outputs().size(); i++) {
            output(panel, new Port(node.id(), i));
        }
        if (player.playback() != null) {
            if (!ran) {
                lens(panel, false);
            }
            CheckPart check = CheckPart.of(context, node.id());
            if (check != null) {
                context.sections().add(panel, "check", Text.of("check.title"), check.note(), false, check::fill);
            }
        }
        if (DeviceMark.applies(node)) {
            DevicePart device = new DevicePart(context, node);
            context.sections().add(panel, "device", Text.of("devices.node"), device.note(), false, device::fill);
        }
        SavedPart saved = SavedPart.of(context, node.id());
        if (saved != null) {
            context.sections().add(panel, "saved", Text.of("inspect.saved"), saved.note(), false, saved::fill);
        }
        for (int i = 0; i < type.outputs().size(); i++) {
            place(panel, new Port(node.id(), i));
        }
    }

    private void contents(HTMLElement panel) {
        if (DataEdits.isData(node)) {
            new DataPart(context, node).fill(panel);
            return;
        }
        if (LayerFrame.is(node)) {
            new LayerPart(editor, node).fill(panel);
        }
        HTMLElement form = Dom.make("div", "form");
        if (type == Leaf.TYPE) {
            new LeafForm(editor, node).fill(form);
        } else {
            new AttrForm(editor, node).fill(form);
        }
        if (type instanceof CreatedLeaf) {
            form.appendChild(holding());
        }
        if (form.hasChildNodes()) {
            Dom.append(Parts.section(panel, Text.of(type == Leaf.TYPE ? "node.contents" : "node.attributes")), form);
        }
    }

    /** Lets one type into a leaf by rule or from a seed, from the numbers that it holds here on. */
    private HTMLElement holding() {
        HTMLElement button = Dom.button("action outlined", "pencil", Text.of("leaf.hold"), this::hold);
        button.setAttribute("data-field", "hold");
        button.setTitle(Text.of("leaf.hold.hint"));
        return Dom.make("div", "buttons", button);
    }

    private void hold() {
        Timeline timeline = player.timeline();
        Tensor shown = timeline == null ? null : timeline.valueAt(new Port(node.id(), 0), player.step());
        Reason reason = editor.inference().reason(node.id());
        if (shown == null && reason != null) {
            Notices.error(Reasons.text(reason));
            return;
        }
        Tensor value = shown != null ? shown : type.apply(NodeTypes.attrs(node))[0];
        if (value.numel() > Nested.MAX_ELEMENTS) {
            Notices.error(Text.of("reason.TOO_LARGE", node.label(), value.numel(), Nested.MAX_ELEMENTS));
        } else {
            editor.apply(LeafValues.held(editor.graph(), node.id(), value));
        }
    }

    /** What the node did to the gradient: at this very step, or before. */
    private void lens(HTMLElement panel, boolean now) {
        LensPart lens = new LensPart(context, node.id(), player.step());
        if (lens.isThere()) {
            HTMLElement section = context.sections().add(panel, "lens", Text.of("lens.title"), lens.nodes(), true,
                    lens::fill);
            Dom.flag(section, "moment", now);
        }
    }

    private void identity(HTMLElement section) {
        HTMLElement symbol = Dom.make("span", "symbol", LayerFrame.is(node) ? Entry.LAYER_SYMBOL : Groups.symbol(type));
        HTMLInputElement name = (HTMLInputElement) Dom.make("input", "field");
        name.setValue(node.label());
        name.setAttribute("data-field", "label");
        name.setAttribute("aria-label", Text.of("node.name"));
        name.setMaxLength(80);
        Dom.on(name, "change", event -> rename(name.getValue().strip()));
        HTMLElement line = Dom.make("div", "identity", symbol, name);
        line.setAttribute("data-group", Groups.name(LayerFrame.is(node) ? Group.LAYER : type.group()));
        HTMLElement facts = Dom.make("dl", "facts");
        Parts.fact(facts, "PyTorch", LayerFrame.is(node) ? LayerFrame.torch(node) : type.torch());
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
        String suffix = suffix(port);
        Meta meta = value != null ? value.meta() : editor.inference().at(port);
        String note = meta == null ? "" : meta.dtype().shortName() + " "
                + (meta.shape() == null ? "[?]" : TensorText.shape(meta.shape()));
        context.sections().add(panel, "value-" + port.index(), Text.of("inspect.value") + suffix, note, true, body ->
                body.appendChild(value == null ? Dom.make("p", "hint", Text.of("node.notComputed"))
                        : context.figures().show(value, false, Text.of("inspect.value") + suffix)));
        if (value != null) {
            gradient(panel, port, suffix);
        }
    }

    /** Where it stands in PyTorch's graph, and how often its memory was written. */
    private void place(HTMLElement panel, Port port) {
        Timeline timeline = player.timeline();
        Tensor value = timeline == null ? null : timeline.valueAt(port, player.step());
        if (value == null) {
            return;
        }
        String suffix = suffix(port);
        Timeline.Status status = timeline.statusAt(port, player.step());
        context.sections().add(panel, "graph-" + port.index(), Text.of("inspect.graph") + suffix,
                gradFn(status), false, body -> graph(body, status));
        VersionsPart versions = new VersionsPart(context, port, value);
        context.sections().add(panel, "versions-" + port.index(), Text.of("inspect.versions") + suffix,
                versions.note(), false, versions::fill);
    }

    private String suffix(Port port) {
        return type.outputs().size() > 1 ? " · " + type.outputs().get(port.index()) : "";
    }

    private static String gradFn(Timeline.Status status) {
        return status.gradFn() == null ? status.requiresGrad() ? "AccumulateGrad" : "" : status.gradFn().name();
    }

    /** The tensor's place in PyTorch's graph. */
    private static void graph(HTMLElement body, Timeline.Status status) {
        HTMLElement facts = Parts.facts(body);
        Parts.fact(facts, "requires_grad", status.requiresGrad() ? "True" : "False");
        Parts.fact(facts, "is_leaf", status.isLeaf() ? "True" : "False");
        Parts.fact(facts, "grad_fn", status.gradFn() == null ? "None" : status.gradFn().name());
        if (status.gradFn() != null) {
            Parts.fact(facts, "next_functions", nextFunctions(status.gradFn()));
        }
        if (status.retainsGrad()) {
            Parts.fact(facts, "retains_grad", "True");
        }
    }

    private static String nextFunctions(Node gradFn) {
        StringBuilder names = new StringBuilder();
        for (Edge edge : gradFn.next()) {
            names.append(names.isEmpty() ? "" : ", ").append(edge.node() == null ? "None" : edge.node().name());
        }
        return names.toString();
    }

    /** {@code .grad}; where that is None, why, and the gradient that came by all the same. */
    private void gradient(HTMLElement panel, Port port, String suffix) {
        Timeline timeline = player.timeline();
        Tensor grad = timeline.gradAt(port, player.step());
        Tensor arrived = timeline.arrivedAt(port, player.step());
        String note = ".grad " + (grad == null ? "None" : TensorText.orNorm(grad));
        context.sections().add(panel, "grad-" + port.index(), Text.of("node.gradient") + suffix, note, true, body -> {
            if (grad != null) {
                body.appendChild(context.figures().show(grad, true, Text.of("node.gradient") + suffix));
                return;
            }
            if (arrived != null) {
                body.appendChild(Dom.make("p", "form-help", Text.of("inspect.arrived")));
                body.appendChild(context.figures().show(arrived, true, Text.of("inspect.arrived")));
            }
            WhyPart why = WhyPart.of(context, port);
            if (why != null) {
                why.fill(body);
            }
        });
    }
}
