package dev.backstep.web.app;

import dev.backstep.web.jso.Messages;
import dev.backstep.web.jso.Platform;
import dev.backstep.web.session.Turns;
import dev.backstep.web.ui.Dom;
import java.util.ArrayDeque;
import java.util.Deque;
import org.teavm.jso.browser.Performance;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLDocument;

/** The turns of the page: between two of them it has its input and its frames, also where nobody sees it. */
final class PageTurns implements Turns {
    /** So long after a frame another turn does not hold the next one up. */
    private static final double TURNS_MS = 9;

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final Messages.Turn turn = Messages.turns(() -> waiting.remove().run());
    /** Whether what waits has its turn after the next frame. */
    private boolean awaitsFrame;
    private double framed;

    PageTurns() {
        Dom.on(HTMLDocument.current(), "visibilitychange", event -> release());
    }

    @Override
    public double now() {
        return Performance.now();
    }

    /** Browsers put frames off while messages come, so a frame is waited for where it is due; hidden pages have none. */
    @Override
    public void next(Runnable work) {
        waiting.add(work);
        if (awaitsFrame) {
            return;
        }
        if (now() - framed < TURNS_MS || Platform.isHidden()) {
            turn.run();
            return;
        }
        awaitsFrame = true;
        Window.requestAnimationFrame(time -> {
            framed = now();
            release();
        });
    }

    private void release() {
        if (awaitsFrame) {
            awaitsFrame = false;
            waiting.forEach(work -> turn.run());
        }
    }
}
