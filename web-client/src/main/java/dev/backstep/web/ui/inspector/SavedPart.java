package dev.backstep.web.ui.inspector;

import dev.backstep.engine.step.BackwardGraph;
import dev.backstep.engine.step.GradFn;
import dev.backstep.engine.step.Why;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.ByteText;
import dev.backstep.web.value.TensorText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** What the backward nodes of a box keep for backward, and whether that was let go. */
final class SavedPart {
    private final Context context;
    private final BackwardGraph tape;
    private final List<GradFn> nodes;
    private final int step;

    private SavedPart(Context context, BackwardGraph tape, List<GradFn> nodes) {
        this.context = context;
        this.tape = tape;
        this.nodes = nodes;
        step = context.player().step();
    }

    /** Of a box at the step one stands at; null where it has no backward node then. */
    static SavedPart of(Context context, String box) {
        if (context.player().timeline() == null) {
            return null;
        }
        BackwardGraph tape = context.player().timeline().backwardGraph();
        List<GradFn> nodes = tape.at(context.player().step()).stream()
                .filter(node -> box.equals(node.box()) && !node.isAccumulateGrad()).toList();
        return nodes.isEmpty() ? null : new SavedPart(context, tape, nodes);
    }

    /** How much they keep. */
    String note() {
        long bytes = 0;
        boolean freed = false;
        for (GradFn node : nodes) {
            freed |= tape.isFreed(node, step);
            for (GradFn.Kept kept : node.saved()) {
                bytes += tape.isFreed(node, step) ? 0 : kept.bytes();
            }
        }
        return freed && bytes == 0 ? Text.of("inspect.freed") : ByteText.of(bytes);
    }

    void fill(HTMLElement body) {
        for (GradFn node : nodes) {
            HTMLElement part = Dom.make("div", "derivation", Dom.make("h4", "", node.name()));
            boolean freed = tape.isFreed(node, step);
            if (node.saved().isEmpty()) {
                part.appendChild(Dom.make("p", "hint", Text.of("inspect.savesNothing")));
            } else {
                part.appendChild(list(node, freed));
            }
            int by = freed ? tape.freedBy(node) : Why.NONE;
            if (by != Why.NONE) {
                part.appendChild(Dom.make("p", "hint", Text.of("inspect.freedIn")));
                part.appendChild(Dom.make("div", "answer-links", RepairButtons.event(context, by)));
            }
            body.appendChild(part);
        }
    }

    private HTMLElement list(GradFn node, boolean freed) {
        HTMLElement facts = Dom.make("dl", "facts saved");
        Dom.flag(facts, "freed", freed);
        for (GradFn.Kept kept : node.saved()) {
            String source = kept.source() == null ? "" : context.player().playback().graph().name(kept.source()) + " · ";
            Parts.fact(facts, kept.name(), freed ? Text.of("inspect.freed")
                    : source + kept.dtype().shortName() + " " + TensorText.shape(kept.shape()) + " · "
                            + ByteText.of(kept.bytes()) + (kept.version() > 0
                                    ? " · " + Text.of("inspect.version", kept.version()) : ""));
        }
        return facts;
    }
}
