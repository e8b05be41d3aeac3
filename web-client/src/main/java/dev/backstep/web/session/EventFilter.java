package dev.backstep.web.session;

import java.util.ArrayList;
import java.util.List;

/** Which kinds of events are shown: those that were chosen, or all where none is. */
public final class EventFilter {
    /** Other kinds are shown. */
    public final Signal changed = new Signal();

    private final boolean[] chosen = new boolean[EventKind.values().length];
    private boolean on;

    /** Whether some kinds are left out. */
    public boolean isOn() {
        return on;
    }

    public boolean isChosen(EventKind kind) {
        return chosen[kind.ordinal()];
    }

    public boolean shows(EventKind kind) {
        return !on || chosen[kind.ordinal()];
    }

    public void toggle(EventKind kind) {
        chosen[kind.ordinal()] = !chosen[kind.ordinal()];
        changed();
    }

    public void showAll() {
        choose("");
    }

    /** The chosen kinds' names with commas between, for {@link #choose}. */
    public String write() {
        List<String> names = new ArrayList<>();
        for (EventKind kind : EventKind.values()) {
            if (isChosen(kind)) {
                names.add(kind.name());
            }
        }
        return String.join(",", names);
    }

    /** Chooses the kinds that {@link #write} named; names of no kind are left out. */
    public void choose(String names) {
        List<String> wished = List.of(names.split(","));
        for (EventKind kind : EventKind.values()) {
            chosen[kind.ordinal()] = wished.contains(kind.name());
        }
        changed();
    }

    private void changed() {
        on = false;
        for (boolean one : chosen) {
            on |= one;
        }
        changed.fire();
    }
}
