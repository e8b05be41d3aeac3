package dev.backstep.web.ui;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.teavm.jso.browser.Window;

/** One animation frame for everybody: work asked for twice before it comes is done once. */
public final class Frames {
    private static final Set<Runnable> WAITING = new LinkedHashSet<>();

    private Frames() {}

    /** Runs {@code work} in the next frame. Pass the same object each time, not a new lambda. */
    public static void request(Runnable work) {
        if (WAITING.isEmpty()) {
            Window.requestAnimationFrame(time -> run());
        }
        WAITING.add(work);
    }

    private static void run() {
        List<Runnable> due = new ArrayList<>(WAITING);
        WAITING.clear();
        due.forEach(Runnable::run);
    }
}
