package dev.backstep.web.app;

import dev.backstep.web.jso.Messages;
import dev.backstep.web.session.Turns;
import java.util.ArrayDeque;
import java.util.Deque;
import org.teavm.jso.browser.Performance;

/** The turns of the page: between two of them it has its input and its frames, also where nobody sees it. */
final class PageTurns implements Turns {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Messages.Turn turn = Messages.turns(() -> waiting.remove().run());

    @Override
    public double now() {
        return Performance.now();
    }

    @Override
    public void next(Runnable work) {
        waiting.add(work);
        turn.run();
    }
}
