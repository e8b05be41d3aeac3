package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.step.Why;
import dev.backstep.web.session.Repairs;
import dev.backstep.web.session.Spotlight.Way;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Reasons;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.TensorText;
import org.teavm.jso.dom.html.HTMLElement;

/** Why something was refused: PyTorch's words, what they mean here, which events led to it, what can be done. */
final class RefusedPart {
    private final Context context;
    private final Playback playback;
    private final int event;

    RefusedPart(Context context, int event) {
        this.context = context;
        this.playback = context.player().playback();
        this.event = event;
    }

    void fill(HTMLElement section) {
        Event.Refused refused = (Event.Refused) playback.timeline().event(event);
        HTMLElement part = Dom.make("div", "answer bad");
        part.appendChild(Dom.make("p", "problem", Reasons.text(refused.reason())));
        Why.Refused why = Why.refused(playback, event);
        if (why != null) {
            part.setAttribute("data-why", why.code().name());
            switch (why.code()) {
                case FREED -> freed(part, why);
                case WRITTEN_IN_PLACE -> written(part, why);
                case OTHER -> { }
            }
            Graph graph = playback.graph();
            String node = why.node() != null && why.node().scope() instanceof String box ? box : null;
            String cause = why.writes().isEmpty() || !(why.writes().getLast().writer() instanceof String writer)
                    ? refused.box() : writer;
            context.editor().spotlight.show(graph, cause, node == null || cause == null ? Way.NONE
                    : Way.between(graph, node, cause));
        }
        RepairButtons.add(context, part, Repairs.of(playback, event));
        section.appendChild(part);
    }

    private void freed(HTMLElement part, Why.Refused why) {
        part.appendChild(Dom.make("p", "", Text.of("refused.freed", why.node().name())));
        links(part, why.saved(), why.freed());
    }

    private void written(HTMLElement part, Why.Refused why) {
        part.appendChild(Dom.make("p", "", Text.of("refused.written", why.node().name(),
                TensorText.shape(why.tensor().shape()), why.expected(), why.found())));
        links(part, why.saved());
        for (Why.Write write : why.writes()) {
            String box = write.writer() instanceof String id && playback.graph().node(id) != null ? id : null;
            HTMLElement line = Dom.make("p", "write", box == null ? Text.of("refused.writeUnknown", write.version())
                    : Text.of("refused.write", write.version(), playback.graph().node(box).label()));
            int at = box == null ? Why.NONE : writing(box);
            if (at != Why.NONE) {
                line.appendChild(RepairButtons.event(context, at));
            }
            part.appendChild(line);
        }
    }

    /** The last event before the refusal in which that box acted. */
    private int writing(String box) {
        Timeline timeline = playback.timeline();
        for (int i = event - 1; i >= 0; i--) {
            if (!(timeline.event(i) instanceof Event.NodeRun) && timeline.event(i).boxes().contains(box)) {
                return i;
            }
        }
        return Why.NONE;
    }

    private void links(HTMLElement part, int... events) {
        HTMLElement links = Dom.make("div", "answer-links");
        for (int at : events) {
            if (at != Why.NONE) {
                links.appendChild(RepairButtons.event(context, at));
            }
        }
        if (links.hasChildNodes()) {
            part.appendChild(links);
        }
    }
}
