package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Why;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.session.Repairs;
import dev.backstep.web.session.Spotlight.Way;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;

/** Why the {@code .grad} of a tensor is None: the words, the way on the canvas, the event, what can be done. */
final class WhyPart {
    private final Context context;
    private final Playback playback;
    private final Graph graph;
    private final Port port;
    private final Why.GradIsNone why;

    private WhyPart(Context context, Port port, Why.GradIsNone why) {
        this.context = context;
        this.playback = context.player().playback();
        this.graph = playback.graph();
        this.port = port;
        this.why = why;
    }

    /** The answer, or null where {@code .grad} is there. */
    static WhyPart of(Context context, Port port) {
        Playback playback = context.player().playback();
        Why.GradIsNone why = playback == null ? null : Why.gradIsNone(playback, port, context.player().step());
        return why == null ? null : new WhyPart(context, port, why);
    }

    Why.NoGrad code() {
        return why.code();
    }

    void fill(HTMLElement section) {
        HTMLElement part = Dom.make("div", "answer");
        part.setAttribute("data-why", why.code().name());
        part.appendChild(Dom.make("p", "", words()));
        HTMLElement links = Dom.make("div", "answer-links");
        boolean elsewhere = why.box() != null && !why.box().equals(port.node()) && graph.node(why.box()) != null;
        if (elsewhere) {
            links.appendChild(RepairButtons.box(context, why.box()));
        }
        if (why.event() != Why.NONE) {
            links.appendChild(RepairButtons.event(context, why.event()));
        }
        int arrival = why.code() == Why.NoGrad.NOT_REACHED_YET ? arrival() : Why.NONE;
        if (arrival != Why.NONE) {
            links.appendChild(RepairButtons.event(context, arrival));
        }
        if (links.hasChildNodes()) {
            part.appendChild(links);
        }
        RepairButtons.add(context, part, Repairs.of(playback, port, why));
        section.appendChild(part);
        context.editor().spotlight.show(graph, elsewhere ? why.box() : null, way());
    }

    private String words() {
        String name = graph.name(port);
        GraphNode cause = why.box() == null ? null : graph.node(why.box());
        return switch (why.code()) {
            case NOT_A_LEAF -> Text.of("why.NOT_A_LEAF", name, why.node().name());
            case REQUIRES_GRAD_IS_FALSE -> requiresNone(name);
            case DETACHED -> Text.of("why.DETACHED", name);
            case NOT_ON_A_PATH -> cause == null ? Text.of("why.NOT_ON_A_PATH", name, target())
                    : Text.of("why.cutAt", name, target(), cause.label());
            case CLEARED, MADE_UNDER_NO_GRAD, BACKWARD_HAS_NOT_RUN, NOT_REACHED_YET, BACKWARD_REFUSED ->
                Text.of("why." + why.code().name(), name);
        };
    }

    private String requiresNone(String name) {
        Tensor tensor = playback.tensor(port);
        return !tensor.dtype().isFloat() ? Text.of("why.onlyFloats", name, tensor.dtype().torch())
                : Text.of(graph.wiresInto(port.node()).isEmpty() ? "why.REQUIRES_GRAD_IS_FALSE" : "why.noneRequires",
                        name);
    }

    private String target() {
        Port target = lastTarget();
        return target == null ? "" : graph.name(target);
    }

    private Port lastTarget() {
        Port target = graph.targetOrLast();
        for (int i = 0; i < context.player().step(); i++) {
            if (playback.timeline().event(i) instanceof Event.Start start) {
                target = start.target();
            }
        }
        return target;
    }

    /** The first later event after which the gradient is there, if this run has one. */
    private int arrival() {
        for (int i = context.player().step(); i < playback.timeline().size(); i++) {
            if (playback.timeline().gradAt(port, i + 1) != null) {
                return i;
            }
        }
        return Why.NONE;
    }

    private Way way() {
        Port target = lastTarget();
        return switch (why.code()) {
            case NOT_ON_A_PATH -> why.box() == null ? Way.NONE : Way.between(graph, port.node(), why.box());
            case NOT_REACHED_YET, BACKWARD_REFUSED -> target == null ? Way.NONE
                    : Way.between(graph, port.node(), target.node());
            case NOT_A_LEAF, REQUIRES_GRAD_IS_FALSE, DETACHED, MADE_UNDER_NO_GRAD, BACKWARD_HAS_NOT_RUN, CLEARED ->
                Way.NONE;
        };
    }
}
