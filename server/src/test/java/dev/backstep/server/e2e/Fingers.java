package dev.backstep.server.e2e;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

/** What fingers do on a phone: Playwright itself only taps. */
final class Fingers {
    private static final int STEPS = 6;

    private final Page page;
    private final CDPSession session;

    Fingers(Page page) {
        this.page = page;
        session = page.context().newCDPSession(page);
    }

    void tap(double[] place) {
        page.touchscreen().tap(place[0], place[1]);
    }

    void drag(double[] from, double[] to) {
        touch("touchStart", from);
        for (int i = 1; i <= STEPS; i++) {
            touch("touchMove", between(from, to, i));
        }
        touch("touchEnd");
    }

    /** Moves two fingers, each from one place to another, at the same time. */
    void pinch(double[] from1, double[] to1, double[] from2, double[] to2) {
        touch("touchStart", from1, from2);
        for (int i = 1; i <= STEPS; i++) {
            touch("touchMove", between(from1, to1, i), between(from2, to2, i));
        }
        touch("touchEnd");
    }

    void pressLong(double[] place) {
        touch("touchStart", place);
        page.waitForTimeout(700);
        touch("touchEnd");
    }

    private static double[] between(double[] from, double[] to, int step) {
        return new double[] {
            from[0] + (to[0] - from[0]) * step / STEPS, from[1] + (to[1] - from[1]) * step / STEPS};
    }

    private void touch(String type, double[]... places) {
        JsonArray points = new JsonArray();
        for (int i = 0; i < places.length; i++) {
            JsonObject point = new JsonObject();
            point.addProperty("id", i);
            point.addProperty("x", places[i][0]);
            point.addProperty("y", places[i][1]);
            points.add(point);
        }
        JsonObject arguments = new JsonObject();
        arguments.addProperty("type", type);
        arguments.add("touchPoints", points);
        session.send("Input.dispatchTouchEvent", arguments);
    }
}
