package dev.backstep.web.app;

import dev.backstep.web.jso.AnswerMessage;
import dev.backstep.web.jso.CallMessage;
import dev.backstep.web.jso.Calls;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dom;
import java.util.Set;
import org.teavm.jso.JSObject;
import org.teavm.jso.browser.Window;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.dom.events.MessageEvent;

/** Lets the page that embeds this one call {@code window.backstep} by messages. */
final class Embedding {
    private static final Set<String> CALLS = Set.of("ready", "version", "load", "document", "forward", "backward",
            "step", "seek", "state", "link", "devices");

    private Embedding() {}

    static void listen(JSObject object) {
        Dom.on(Window.current(), "message", (MessageEvent event) -> {
            if (Calls.isFromParent(event)) {
                Background.run(() -> answer(object, event));
            }
        });
    }

    /** Tells the page around this one that it is up. */
    static void announce() {
        AnswerMessage hello = JSObjects.create();
        hello.setEvent("ready");
        Window.current().getParent().postMessage(hello, "*");
    }

    private static void answer(JSObject object, MessageEvent event) {
        CallMessage message = (CallMessage) event.getData();
        AnswerMessage answer = JSObjects.create();
        answer.setId(message.getId());
        if (!CALLS.contains(message.getCall())) {
            answer.setError("there is no call of that name");
        } else {
            try {
                answer.setResult(Calls.property(object, message.getCall(), message.getArgument()).await());
            } catch (Throwable refused) {
                answer.setError(refused.getMessage());
            }
        }
        Calls.answer(event, answer);
    }
}
