package dev.backstep.server.cpu;

import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.backend.device.Calibrator;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;

/**
 * How fast this process's CPU computes: measured once, in the background, when somebody wants to know. Time is that of
 * the thread and not the clock's, since whatever else runs while a server starts would count.
 */
public final class CpuSpeed {
    /** Programs get faster as they run: it is measured again until that brings less than this. */
    private static final double GAIN = 0.9;
    private static final int MOST_ROUNDS = 20;

    private static CompletableFuture<Calibration> measured;

    private CpuSpeed() {}

    /** Begins to measure, unless that was begun. */
    public static synchronized void measure() {
        if (measured == null) {
            measured = new CompletableFuture<>();
            Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY).name("cpu-speed")
                    .start(() -> measured.complete(warm()));
        }
    }

    /** What came out, or null as long as nothing is known. */
    public static synchronized Calibration known() {
        return measured == null ? null : measured.getNow(null);
    }

    private static Calibration warm() {
        Calibration best = once();
        for (int i = 0; i < MOST_ROUNDS; i++) {
            Calibration next = once();
            boolean faster = next.step() < GAIN * best.step() || next.product() < GAIN * best.product()
                    || next.function() < GAIN * best.function();
            best = least(best, next);
            if (!faster && i > 1) {
                break;
            }
        }
        return best;
    }

    private static Calibration least(Calibration a, Calibration b) {
        return new Calibration(Math.min(a.call(), b.call()), Math.min(a.step(), b.step()),
                Math.min(a.function(), b.function()), Math.min(a.product(), b.product()),
                Math.min(a.other(), b.other()), 0, 0, 0, 0);
    }

    private static Calibration once() {
        Calibrator measuring = Calibrator.ofCpu(ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
        while (measuring.step()) {
            continue;
        }
        return measuring.result();
    }
}
