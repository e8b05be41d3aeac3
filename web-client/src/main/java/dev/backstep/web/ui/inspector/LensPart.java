package dev.backstep.web.ui.inspector;

import dev.backstep.engine.lens.Origins;
import dev.backstep.engine.step.BoxRun;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.LensText;
import dev.backstep.web.value.LocalDerivative;
import dev.backstep.web.value.SumText;
import dev.backstep.web.value.TensorText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/**
 * What a box did to the gradient in the backward that is going on: for each input, the incoming gradient times the
 * local derivative is the outgoing gradient, and where each number of that came from.
 */
final class LensPart {
    private final Context context;
    private final Playback playback;
    private final String box;
    private final BoxRun run;
    private final BoxCall call;
    private final Origins origins;

    /** @param step at or after the event in which the box's nodes ran */
    LensPart(Context context, String box, int step) {
        this.context = context;
        this.box = box;
        playback = context.player().playback();
        run = BoxRun.find(playback, box, step);
        call = run == null ? null : BoxCall.of(playback, box, run);
        origins = call == null ? null : call.origins();
    }

    /** Whether a node of the box has run. */
    boolean isThere() {
        return run != null;
    }

    /** The names of the nodes that ran. */
    String nodes() {
        return String.join(", ", run.nodes());
    }

    void fill(HTMLElement body) {
        if (run.passed().isEmpty()) {
            boolean sent = playback.timeline().event(run.event()) instanceof Event.NodeRun last
                    && !last.arrivals().isEmpty();
            body.appendChild(Dom.make("p", "hint", Text.of(sent ? "lens.noWire" : "lens.nothing")));
        }
        for (BoxRun.Passed passed : run.passed()) {
            body.appendChild(derivation(passed));
        }
        if (playback.timeline().event(run.event()) instanceof Event.NodeRun last) {
            sums(context, last, body);
        }
    }

    /** The sums that gradients sent in that event went into. */
    static void sums(Context context, Event.NodeRun last, HTMLElement body) {
        for (Event.Arrival arrival : last.arrivals()) {
            if (arrival.isSum() && arrival.port() != null) {
                body.appendChild(Dom.make("p", "sum-line", Text.of("moment.sum",
                        context.graph().name(arrival.port()), SumText.of(arrival.terms().stream()
                                .map(Event.Term::gradient).toList(), arrival.after()))));
            }
        }
    }

    private HTMLElement derivation(BoxRun.Passed passed) {
        int k = passed.input();
        HTMLElement part = Dom.make("div", "derivation",
                Dom.make("h4", "", Text.of("moment.toward", call.inputNames.get(k))));
        part.setAttribute("data-input", String.valueOf(k));
        Origins.Rule rule = origins.rule(k);
        Tensor local = null;
        if (rule == Origins.Rule.ELEMENTWISE) {
            local = LocalDerivative.of(call.op.localDerivative(k), call.attrs, call.inputs, call.outputs.getFirst());
            part.appendChild(formula(k, local != null && local.numel() == 1 ? 0 : -1));
        } else if (call.op != null) {
            words(part, k);
        }
        if (passed.raw() != null && !Arrays.equals(passed.raw().shape(), passed.outgoing().shape())) {
            part.appendChild(Dom.make("p", "hint", Text.of("moment.broadcast",
                    TensorText.shape(passed.raw().shape()), TensorText.shape(passed.outgoing().shape()))));
        }
        Tensor incoming = run.incoming().getFirst();
        boolean single = run.incoming().size() == 1 && incoming != null && incoming.numel() == 1
                && passed.outgoing().numel() == 1;
        if (single) {
            part.appendChild(product(incoming, local, passed.outgoing()));
        } else {
            new LensPicture(context, box, call, origins, run.incoming(), passed, local, place -> formula(k, place))
                    .fill(part);
        }
        return part;
    }

    /** The local derivative as a formula, with the numbers at one element of the output (-1 for none). */
    private HTMLElement formula(int k, int place) {
        List<String> names = new ArrayList<>(call.inputNames);
        names.add(call.node.label());
        double[] numbers = place < 0 ? null : origins.arguments(place);
        double local = place < 0 ? 0 : LocalDerivative.at(call.op.localDerivative(k), call.attrs, numbers);
        return new Formulas(call.op.localDerivative(k), call.attrs).by(k, names, numbers, local);
    }

    /** The rule in words, for ops that are no elementwise formula. */
    private void words(HTMLElement part, int k) {
        List<String> names = new ArrayList<>(call.inputNames);
        names.add(call.outputNames.getFirst());
        String general = LensText.general(call.op, k, names, call.inputs.stream().mapToInt(Tensor::dim).toArray());
        HTMLElement formula = Dom.make("div", "formula");
        for (String line : new String[] {call.op.formula(k), general}) {
            if (line != null) {
                formula.appendChild(Dom.make("div", "formula-text", line));
            }
        }
        if (formula.hasChildNodes()) {
            part.appendChild(formula);
        }
    }

    /** {@code incoming × local = outgoing} in one line. */
    private static HTMLElement product(Tensor incoming, Tensor local, Tensor outgoing) {
        HTMLElement line = Dom.make("div", "product");
        term(line, "moment.incoming", incoming, "");
        if (local != null) {
            line.appendChild(Dom.make("span", "", "×"));
            term(line, "moment.local", local, "");
            line.appendChild(Dom.make("span", "", "="));
        } else {
            line.appendChild(Dom.make("span", "", "→"));
            line.getClassList().add("short");
        }
        term(line, "moment.outgoing", outgoing, "outgoing");
        return line;
    }

    private static void term(HTMLElement line, String key, Tensor number, String classes) {
        line.appendChild(Dom.make("span", classes, Dom.make("small", "", Text.of(key)),
                Dom.make("b", "", TensorText.number(number.toDoubles()[0], number.dtype()))));
    }
}
