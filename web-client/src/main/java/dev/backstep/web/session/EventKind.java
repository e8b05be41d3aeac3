package dev.backstep.web.session;

import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Event;

/** What sort of thing an event is, as the event log tells them apart. */
public enum EventKind {
    FORWARD(Phase.FORWARD),
    IN_PLACE(Phase.FORWARD),
    AGAIN(Phase.FORWARD),
    START(Phase.BACKWARD),
    NODE(Phase.BACKWARD),
    ACCUMULATE(Phase.BACKWARD),
    HOOK(Phase.BACKWARD),
    /** A node lets go of what it kept: part of the event in which it ran, see {@link ShownEvents}. */
    FREE(Phase.BACKWARD),
    ZERO_GRAD(Phase.ACT),
    CLIP(Phase.ACT),
    STEP(Phase.ACT),
    UPDATE(Phase.ACT),
    REFUSED(null);

    /** What a run is made of, in the large. */
    public enum Phase { FORWARD, BACKWARD, ACT }

    private final Phase phase;

    EventKind(Phase phase) {
        this.phase = phase;
    }

    /** The phase that an event of this kind belongs to; null for the one that goes on. */
    Phase phase() {
        return phase;
    }

    public static EventKind of(Event event) {
        return switch (event) {
            case Event.Forward forward -> forward.written().isEmpty() ? FORWARD : IN_PLACE;
            case Event.Again _ -> AGAIN;
            case Event.Start _ -> START;
            case Event.NodeRun _ -> NODE;
            case Event.Accumulate _ -> ACCUMULATE;
            case Event.Hook _ -> HOOK;
            case Event.Acted acted -> of(acted.action());
            case Event.Refused _ -> REFUSED;
        };
    }

    private static EventKind of(Action action) {
        return switch (action) {
            case Action.ZeroGrad _ -> ZERO_GRAD;
            case Action.ClipNorm _, Action.ClipValue _ -> CLIP;
            case Action.OptimizerStep _, Action.Schedule _ -> STEP;
            case Action.Update _ -> UPDATE;
            case Action.Forward _ -> AGAIN;
            case Action.Penalty _ -> ACCUMULATE;
            case BackwardCall _ -> START;
        };
    }
}
