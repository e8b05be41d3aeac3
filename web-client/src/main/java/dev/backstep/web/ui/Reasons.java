package dev.backstep.web.ui;

import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.Reason;
import dev.backstep.web.value.ValueException;

/** Refusals in the page's language. What PyTorch says stays in PyTorch's words. */
public final class Reasons {
    private Reasons() {}

    public static String text(Reason reason) {
        return Text.of("reason." + reason.code().name(), reason.arguments().toArray());
    }

    /** The reason, with the faulty part named where there is one. */
    public static String text(GraphException refused) {
        String text = text(refused.reason());
        return refused.path().isEmpty() ? text : refused.path() + ": " + text;
    }

    public static String text(ValueException refused) {
        return Text.of(refused.key(), refused.arguments());
    }
}
