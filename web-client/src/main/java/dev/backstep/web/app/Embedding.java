package dev.backstep.web.app;

import dev.backstep.web.jso.AnswerMessage;
import dev.backstep.web.jso.CallMessage;
import dev.backstep.web.jso.Calls;
import dev.backstep.web.ui.Background;
import dev.backstep.web.ui.Dom;
import java.util.HashSet;
import java.util.Set;
import org.teavm.jso.JSObject;
import org.teavm.jso.browser.Window;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.core.JSString;
import org.teavm.jso.dom.events.MessageEvent;

/** Lets the page that embeds this one call {@code window.backstep} by messages. */
final class Embedding {
    private static final Set<String> CALLS = Set.of("ready", "version", "load", "document", "forward", "backward",
            "step", "seek", "state", "link", "devices", "train", "runs");
    private static final Set<String> HEARD = new HashSet<>();

    private Embedding() {}

    static void listen(JSObject object, Api api) {
        Dom.on(Window.current(), "message", (MessageEvent event) -> {
            if (Calls.isFromParent(event)) {
                Background.run(() -> answer(object, api, event));
            }
        });
    }

    /** Tells the page around this one that it is up. */
    static void announce() {
        AnswerMessage hello = JSObjects.create();
        hello.setEvent("ready");
        Window.current().getParent().postMessage(hello, "*");
    }

    private static void answer(JSObject object, Api api, MessageEvent event) {
        CallMessage message = (CallMessage) event.getData();
        AnswerMessage answer = JSObjects.create();
        answer.setId(message.getId());
        if ("on".equals(message.getCall())) {
            hear(api, message, answer, event);
        } else if (!CALLS.contains(message.getCall())) {
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

    /** From now on tells the page around this one of events of a name. */
    private static void hear(Api api, CallMessage message, AnswerMessage answer, MessageEvent asked) {
        String name = JSString.isInstance(message.getArgument())
                ? ((JSString) message.getArgument()).stringValue() : "";
        try {
            if (!HEARD.contains(name)) {
                api.hear(name, detail -> {
                    AnswerMessage news = JSObjects.create();
                    news.setEvent(name);
                    news.setDetail(detail);
                    Calls.answer(asked, news);
                });
                HEARD.add(name);
            }
        } catch (IllegalArgumentException unknown) {
            answer.setError(unknown.getMessage());
        }
    }
}
