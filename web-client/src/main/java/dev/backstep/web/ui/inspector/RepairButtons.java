package dev.backstep.web.ui.inspector;

import dev.backstep.web.session.Repair;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.EventNames;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** What stands beneath an answer: repairs, and the events it speaks of. */
final class RepairButtons {
    private RepairButtons() {}

    static void add(Context context, HTMLElement part, List<Repair> repairs) {
        if (repairs.isEmpty()) {
            return;
        }
        HTMLElement buttons = Dom.make("div", "buttons repairs");
        for (Repair repair : repairs) {
            String text = Text.of("repair." + repair.kind().name(), repair.names().toArray());
            HTMLElement button = Dom.button("action outlined", "wrench", text, () -> {
                repair.apply(context.editor(), context.player());
                Notices.tell(Text.of("repair.done", text));
            });
            button.setAttribute("data-repair", repair.kind().name());
            buttons.appendChild(button);
        }
        part.appendChild(buttons);
    }

    /** A link to an event of the run. */
    static HTMLElement event(Context context, int event) {
        HTMLElement link = Dom.button("link-button", null, Text.of("why.event", event + 1,
                EventNames.of(context.player().playback().graph(), context.player().timeline().event(event))),
                () -> context.player().seek(event + 1));
        link.setAttribute("data-event", String.valueOf(event));
        return link;
    }

    /** A link to a box. */
    static HTMLElement box(Context context, String box) {
        HTMLElement link = Dom.button("link-button", "crosshair", Text.of("why.show", context.graph().node(box).label()),
                () -> {
                    context.editor().selection.set(List.of(box));
                    context.editor().spotlight.reveal(box);
                });
        link.setAttribute("data-box", box);
        return link;
    }
}
