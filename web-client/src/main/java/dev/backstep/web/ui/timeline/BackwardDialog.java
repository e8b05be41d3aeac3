package dev.backstep.web.ui.timeline;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.Nested;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dialog;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.TensorText;
import dev.backstep.web.value.ValueException;
import dev.backstep.web.value.ValueText;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.HTMLInputElement;
import org.teavm.jso.dom.html.HTMLSelectElement;

/** Asks for the arguments of backward. */
final class BackwardDialog {
    private final Player player;
    private final Dialog dialog = new Dialog("backward()");
    private final List<Port> targets = new ArrayList<>();
    private final HTMLSelectElement target = (HTMLSelectElement) Dom.make("select", "field");
    private final HTMLInputElement gradient = Forms.text("", "backward-gradient");
    private final HTMLInputElement retain;
    private final HTMLInputElement create;
    private final HTMLElement error = Forms.error();

    private BackwardDialog(Editor editor, Player player) {
        this.player = player;
        HTMLElement form = Dom.make("form", "form");
        form.setAttribute("novalidate", "");
        target.setId("backward-target");
        fillTargets(editor.graph(), editor.inference());
        gradient.setAttribute("placeholder", "1");
        Dom.append(form, Forms.row(Text.of("act.target"), target), Forms.row(Text.of("act.gradient"), gradient),
                Dom.make("p", "form-help", Text.of("act.gradient.help")));
        retain = Forms.flag(form, "backward-retain", Text.of("act.retainGraph"));
        create = Forms.flag(form, "backward-create", Text.of("act.createGraph"));
        Dom.append(form, error, Forms.submit(Text.of("act.backward")));
        Dom.on(form, "submit", (Event event) -> {
            event.preventDefault();
            submit();
        });
        dialog.body().appendChild(form);
    }

    static void open(Editor editor, Player player) {
        BackwardDialog asking = new BackwardDialog(editor, player);
        asking.dialog.open();
        asking.target.focus();
    }

    /** The outputs of ops that hold floats, those of boxes that come late first, as they are the usual ones. */
    private void fillTargets(Graph graph, Inference inference) {
        Port usual = graph.targetOrLast();
        for (GraphNode node : graph.order().reversed()) {
            for (int i = 0; i < NodeTypes.of(node).outputs().size(); i++) {
                Port port = new Port(node.id(), i);
                Meta meta = inference.at(port);
                if (meta == null || meta.dtype().isFloat()) {
                    String shape = meta == null || meta.shape() == null ? "" : "  " + TensorText.shape(meta.shape());
                    HTMLElement option = Dom.make("option", "", graph.name(port) + shape);
                    option.setAttribute("value", String.valueOf(targets.size()));
                    target.appendChild(option);
                    targets.add(port);
                }
            }
        }
        target.setSelectedIndex(Math.max(0, targets.indexOf(usual)));
    }

    private void submit() {
        Object numbers = null;
        try {
            if (!gradient.getValue().isBlank()) {
                numbers = Nested.read(ValueText.read(gradient.getValue()), DType.FLOAT64, "gradient");
            }
        } catch (ValueException wrong) {
            Forms.refuse(gradient, error, Reasons.text(wrong));
            return;
        } catch (GraphException wrong) {
            Forms.refuse(gradient, error, Reasons.text(wrong.reason()));
            return;
        }
        Port from = targets.get(target.getSelectedIndex());
        dialog.close();
        player.act(new BackwardCall(from, numbers, retain.isChecked(), create.isChecked()));
    }
}
