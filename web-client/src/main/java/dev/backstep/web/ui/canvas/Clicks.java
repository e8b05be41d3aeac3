package dev.backstep.web.ui.canvas;

import org.teavm.jso.browser.Performance;
import org.teavm.jso.browser.Window;

/** What a press means by its time: a second one soon after the first, or one that is held. */
final class Clicks {
    /** How far a finger may stray in a click. */
    static final double TOUCH_SLACK = 10;

    private static final double DOUBLE_MS = 400;
    private static final int LONG_MS = 500;

    private double last;
    private double x;
    private double y;
    private int timer = -1;

    /** Whether a click is the second of two at one place. */
    boolean isSecond(double newX, double newY) {
        double now = Performance.now();
        boolean second = now - last < DOUBLE_MS && Math.hypot(newX - x, newY - y) < TOUCH_SLACK;
        last = second ? 0 : now;
        x = newX;
        y = newY;
        return second;
    }

    /** Something else came between: the next click is a first one. */
    void forget() {
        last = 0;
    }

    /** A press began; {@code held} runs unless it ends soon. */
    void hold(Runnable held) {
        timer = Window.setTimeout(() -> {
            timer = -1;
            held.run();
        }, LONG_MS);
    }

    /** The press ended, or became something else. */
    void release() {
        if (timer >= 0) {
            Window.clearTimeout(timer);
            timer = -1;
        }
    }
}
