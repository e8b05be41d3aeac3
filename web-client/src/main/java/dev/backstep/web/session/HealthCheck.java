package dev.backstep.web.session;

import dev.backstep.engine.step.Health;
import dev.backstep.engine.step.Playback;

/** Whether the health of the gradients is asked for, and how it is at the step one stands at. */
public final class HealthCheck {
    /** It is asked for, or no longer. */
    public final Signal changed = new Signal();

    private final Player player;
    private boolean on;
    private Playback of;
    private int step;
    private int steps;
    private Health health;

    public HealthCheck(Player player) {
        this.player = player;
    }

    public boolean isOn() {
        return on;
    }

    public void toggle() {
        on = !on;
        changed.fire();
    }

    /** How the run fares at this step; null where it is not asked for, or nothing has run. */
    public Health health() {
        Playback playback = player.playback();
        if (!on || playback == null) {
            return null;
        }
        if (playback != of || step != player.step() || steps != player.steps()) {
            of = playback;
            step = player.step();
            steps = player.steps();
            health = Health.of(playback, step);
        }
        return health;
    }
}
