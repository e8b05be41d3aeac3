package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.tensor.AttrSpec;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.LocalDerivative;
import dev.backstep.web.value.SumText;
import dev.backstep.web.value.TensorText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** A node of the backward graph ran: for each input, incoming gradient x local derivative = outgoing gradient. */
final class VjpPart {
    private final Graph graph;
    private final Player player;
    private final Event.NodeRun run;
    private final Op op;
    private final Attrs attrs;
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<String> inputNames = new ArrayList<>();
    private Tensor output;

    VjpPart(Graph graph, Player player, Event.NodeRun run) {
        this.graph = graph;
        this.player = player;
        this.run = run;
        GraphNode node = run.box() == null ? null : graph.node(run.box());
        op = node != null && NodeTypes.of(node) instanceof Op known ? known : null;
        attrs = op == null ? Attrs.NONE : complete(node.attrs());
        if (op != null) {
            output = player.timeline().valueAt(new Port(node.id(), 0), player.step());
            for (Wire wire : graph.wiresInto(node.id())) {
                inputs.add(player.timeline().valueAt(wire.from(), player.step()));
                inputNames.add(graph.name(wire.from()));
            }
        }
    }

    private Attrs complete(Attrs given) {
        Attrs all = given;
        for (AttrSpec spec : op.attrs()) {
            if (!all.has(spec.name()) && spec.fallback() != null) {
                all = all.with(spec.name(), spec.fallback());
            }
        }
        return all;
    }

    void fill(HTMLElement section) {
        Tensor incoming = run.incoming().getFirst();
        for (int k = 0; k < run.outgoing().size(); k++) {
            if (run.outgoing().get(k) != null && incoming != null) {
                section.appendChild(derivation(k, incoming));
            }
        }
        for (Event.Arrival arrival : run.arrivals()) {
            if (arrival.isSum() && arrival.port() != null) {
                section.appendChild(Dom.make("p", "sum-line", Text.of("moment.sum", graph.name(arrival.port()),
                        SumText.of(arrival.terms().stream().map(Event.Term::gradient).toList(), arrival.after()))));
            }
        }
    }

    private HTMLElement derivation(int k, Tensor incoming) {
        Tensor raw = run.raw().get(k);
        Tensor outgoing = run.outgoing().get(k);
        String name = k < inputNames.size() ? inputNames.get(k) : String.valueOf(k + 1);
        HTMLElement part = Dom.make("div", "derivation", Dom.make("h4", "", Text.of("moment.toward", name)));
        Expr formula = op == null || k >= inputs.size() ? null : op.localDerivative(k);
        Tensor local = formula == null ? null : LocalDerivative.of(formula, attrs, inputs, output);
        if (formula != null) {
            List<String> names = new ArrayList<>(inputNames);
            names.add(graph.node(run.box()).label());
            List<Tensor> tensors = new ArrayList<>(inputs);
            tensors.add(output);
            part.appendChild(new Formulas(formula, attrs).by(k, names, tensors, local));
        } else if (op != null && op.formula(k) != null) {
            part.appendChild(Dom.make("div", "formula", Dom.make("span", "formula-text", op.formula(k))));
        }
        part.appendChild(product(incoming, local, raw));
        if (!Arrays.equals(raw.shape(), outgoing.shape())) {
            part.appendChild(Dom.make("p", "hint", Text.of("moment.broadcast", TensorText.shape(raw.shape()),
                    TensorText.shape(outgoing.shape()))));
            part.appendChild(Parts.tensor(outgoing, true));
        }
        return part;
    }

    /** {@code incoming × local = outgoing} in one line where the numbers are short, else one beneath the other. */
    private static HTMLElement product(Tensor incoming, Tensor local, Tensor outgoing) {
        if (local != null && TensorText.brief(incoming) != null && TensorText.brief(local) != null
                && TensorText.brief(outgoing) != null) {
            HTMLElement line = Dom.make("div", "product");
            term(line, "moment.incoming", TensorText.brief(incoming), "");
            line.appendChild(Dom.make("span", "", "×"));
            term(line, "moment.local", TensorText.brief(local), "");
            line.appendChild(Dom.make("span", "", "="));
            term(line, "moment.outgoing", TensorText.brief(outgoing), "outgoing");
            return line;
        }
        HTMLElement stack = Dom.make("div", "");
        tensor(stack, "moment.incoming", incoming);
        if (local != null) {
            tensor(stack, "moment.local", local);
        }
        tensor(stack, "moment.outgoing", outgoing);
        return stack;
    }

    private static void term(HTMLElement line, String key, String number, String classes) {
        line.appendChild(Dom.make("span", classes, Dom.make("small", "", Text.of(key)), Dom.make("b", "", number)));
    }

    private static void tensor(HTMLElement stack, String key, Tensor tensor) {
        Dom.append(stack, Dom.make("p", "form-help", Text.of(key)), Parts.tensor(tensor, true));
    }
}
