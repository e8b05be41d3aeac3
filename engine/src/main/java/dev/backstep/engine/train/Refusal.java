package dev.backstep.engine.train;

import dev.backstep.engine.graph.Reason;

/** A document or a saved run that cannot be trained, and why. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Reason reason;

    Refusal(Reason reason) {
        super(reason.text(), null, false, false);
        this.reason = reason;
    }

    Refusal(Reason.Code code, Object... arguments) {
        this(Reason.of(code, arguments));
    }

    public Reason reason() {
        return reason;
    }
}
