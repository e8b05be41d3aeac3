package dev.backstep.web.session;

import java.util.ArrayList;
import java.util.List;

/** Something that happens, and those who want to know. */
public final class Signal {
    private final List<Runnable> listeners = new ArrayList<>();

    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    public void fire() {
        listeners.forEach(Runnable::run);
    }
}
