package dev.backstep.web.ui.timeline;

import dev.backstep.web.session.Player;
import dev.backstep.web.session.Signal;
import dev.backstep.web.ui.Settings;
import org.teavm.jso.browser.Window;

/** Plays a run, ahead or back, until a breakpoint, an end or a move by hand. */
final class Playing {
    static final double[] SPEEDS = {0.25, 0.5, 1, 2, 4, 8};

    private static final double STEP_MS = 900;

    /** It plays now, or no longer, or at another speed. */
    final Signal changed = new Signal();

    private final Player player;
    private double speed = read(Settings.get("speed", "1"));
    private int direction;
    private int timer = -1;

    Playing(Player player) {
        this.player = player;
    }

    private static double read(String text) {
        for (double speed : SPEEDS) {
            if (String.valueOf(speed).equals(text)) {
                return speed;
            }
        }
        return 1;
    }

    double speed() {
        return speed;
    }

    void setSpeed(double newSpeed) {
        speed = newSpeed;
        Settings.put("speed", String.valueOf(newSpeed));
        int going = direction;
        if (going != 0) {
            stop();
            start(going);
        }
        changed.fire();
    }

    /** 1 while it plays ahead, -1 while it plays back, else 0. */
    int direction() {
        return direction;
    }

    void toggle(int wished) {
        boolean stops = direction == wished;
        stop();
        if (stops) {
            return;
        }
        if (!player.canWalk(wished)) {
            player.walkToEnd(-wished);
        }
        start(wished);
        tick();
    }

    private void start(int wished) {
        direction = wished;
        timer = Window.setInterval(this::tick, STEP_MS / speed);
        changed.fire();
    }

    private void tick() {
        player.play(direction);
        if (player.stop() != null || !player.canWalk(direction)) {
            stop();
        }
    }

    void stop() {
        if (direction != 0) {
            Window.clearInterval(timer);
            direction = 0;
            changed.fire();
        }
    }
}
