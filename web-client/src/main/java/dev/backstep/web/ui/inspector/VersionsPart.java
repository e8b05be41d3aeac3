package dev.backstep.web.ui.inspector;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Timeline;
import dev.backstep.engine.step.Why;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;

/** How often a tensor's memory was written in place, and by whom. */
final class VersionsPart {
    private static final int MAX_LISTED = 16;

    private final Context context;
    private final Buffer memory;
    private final int version;

    /** @param value the tensor as it is at the step one stands at */
    VersionsPart(Context context, Port port, Tensor value) {
        this.context = context;
        memory = context.player().playback().tensor(port).view().buffer();
        version = value.version();
    }

    String note() {
        return Text.of("inspect.version", version);
    }

    void fill(HTMLElement body) {
        if (version == 0) {
            body.appendChild(Dom.make("p", "hint", Text.of("inspect.neverWritten")));
            return;
        }
        HTMLElement list = Dom.make("ol", "versions");
        if (version <= MAX_LISTED) {
            list.appendChild(line(0, Text.of("inspect.made"), Why.NONE));
        }
        for (int v = Math.max(1, version - MAX_LISTED + 1); v <= version; v++) {
            Graph graph = context.player().playback().graph();
            String box = memory.writer(v) instanceof String id && graph.node(id) != null ? id : null;
            list.appendChild(line(v, box == null ? Text.of("inspect.writtenUnknown")
                    : Text.of("inspect.written", graph.node(box).label()), box == null ? Why.NONE : event(box)));
        }
        body.appendChild(list);
    }

    private HTMLElement line(int number, String text, int event) {
        HTMLElement line = Dom.make("li", "", Dom.make("span", "number", String.valueOf(number)),
                Dom.make("span", "", text));
        if (event != Why.NONE) {
            line.appendChild(RepairButtons.event(context, event));
        }
        return line;
    }

    private int event(String box) {
        Timeline timeline = context.player().timeline();
        for (int i = 0; i < timeline.size(); i++) {
            if (!(timeline.event(i) instanceof Event.NodeRun) && timeline.event(i).boxes().contains(box)) {
                return i;
            }
        }
        return Why.NONE;
    }
}
