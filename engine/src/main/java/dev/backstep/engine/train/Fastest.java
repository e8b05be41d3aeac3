package dev.backstep.engine.train;

import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Where the batches of a training run: as ops one after another, or as compiled steps of one of several devices. Each
 * takes a few batches and is timed, and the fastest goes on. Small nets stay where each number is the same to the bit,
 * so that a run gives the same numbers whenever it is made; others may go where they agree to 1e-6.
 */
final class Fastest {
    /** The setting that lets the fastest be found. */
    static final String AUTO = "auto";
    /** Each place has its turn so often, because the first is slow where programs get faster as they run. */
    private static final int ROUNDS = 3;
    /** Batches until a compiled step must have begun. */
    private static final int WARM = 24;
    /** As many batches are timed as take so long, but not fewer than these; a single one may be enough. */
    private static final int TIMED = 16;
    private static final long SHORT = 5_000_000;
    private static final long ENOUGH = 40_000_000;
    /**
     * A net of fewer parameters times samples in a batch is fast enough to stay exact. Told from the document and not
     * by a clock, so that it stays so whenever it is run.
     */
    private static final long LIGHT = 1_000_000;

    private final List<Replay> all = new ArrayList<>();
    private final LongSupplier clock;
    private final double[] times;
    private Consumer<List<RunEvent.Timing>> listener = _ -> { };
    private int at;
    private int round;
    private boolean chosen;
    private long begun = -1;
    /** The batch from which it is timed, and when that was taken. */
    private long from = -1;
    private long start;
    /** How long batches themselves took since: between them a run measures and draws. */
    private long spent;

    /** @param wanted the name of the device that is wanted, or {@link #AUTO}; one that is not there is nobody's */
    Fastest(Setup setup, List<Device> devices, String wanted, LongSupplier clock) {
        this.clock = clock;
        all.add(new Replay(setup, null));
        boolean light = isLight(setup);
        for (Device device : devices) {
            if (wanted.equals(AUTO) ? device.isExact() || !light : wanted.equals(device.name())) {
                all.add(new Replay(setup, device));
            }
        }
        times = new double[all.size()];
        Arrays.fill(times, Double.NaN);
        if (!wanted.equals(AUTO) || all.size() == 1) {
            at = all.size() - 1;
            chosen = true;
        }
    }

    /** Who is to be told when it was found where the training runs, or that this has changed. */
    void tell(Consumer<List<RunEvent.Timing>> who) {
        listener = who;
        if (chosen) {
            listener.accept(timings());
        }
    }

    Replay current() {
        return all.get(at);
    }

    String name() {
        return current().name();
    }

    /** Whether the next batch must wait until all answers have come. */
    boolean waits(long batch) {
        return !chosen && from >= 0 && isTimed(batch, clock.getAsLong());
    }

    /** Before a batch is taken: perhaps another place has its turn. @param answered all batches before are done */
    void turn(long batch, boolean answered) {
        if (chosen) {
            return;
        }
        if (batch < begun) {
            // The training has gone back.
            begun = -1;
            from = -1;
        }
        begun = begun < 0 ? batch : begun;
        Replay replay = current();
        long now = clock.getAsLong();
        if (replay.reason() != null || from < 0 && batch - begun >= WARM) {
            if (answered) {
                next(batch);
            }
        } else if (from < 0) {
            if (at == 0 ? batch > begun + 2 : replay.isReplayed()) {
                from = batch;
                start = now;
                spent = 0;
            }
        } else if (answered && isTimed(batch, now)) {
            double time = took(now) / 1e3 / (batch - from);
            times[at] = times[at] <= time ? times[at] : time;
            next(batch);
        }
    }

    private boolean isTimed(long batch, long now) {
        long took = took(now);
        return batch - from >= TIMED && took >= SHORT || batch > from && took >= ENOUGH;
    }

    /** Of a device that lets one wait, the waiting counts too. */
    private long took(long now) {
        return current().isLate() ? now - start : spent;
    }

    /** When a batch begins, which is given to {@link #end}. */
    long begin() {
        return chosen ? 0 : clock.getAsLong();
    }

    void end(long begin) {
        if (!chosen) {
            spent += clock.getAsLong() - begin;
        }
    }

    private void next(long batch) {
        current().settle();
        begun = batch;
        from = -1;
        if (at + 1 < all.size()) {
            at++;
        } else if (++round < ROUNDS) {
            at = 0;
        } else {
            choose();
        }
    }

    private static boolean isLight(Setup setup) {
        long parameters = 0;
        for (Tensor parameter : setup.parameters.values()) {
            parameters += parameter.numel();
        }
        int samples = setup.parts == null ? 1 : setup.parts.train().size() / setup.batches;
        return parameters * Math.max(1, samples) < LIGHT;
    }

    private void choose() {
        chosen = true;
        at = 0;
        for (int i = 1; i < times.length; i++) {
            if (all.get(i).reason() == null && times[i] > 0 && !(times[i] >= times[at])) {
                at = i;
            }
        }
        for (int i = 0; i < times.length; i++) {
            if (i != at) {
                all.get(i).close();
            }
        }
        listener.accept(timings());
    }

    /** The device that the training runs on has failed: what it held is gone, and it is not asked again. */
    void fail(String why) {
        current().fail(why);
        if (chosen) {
            choose();
        } else {
            begun = -1;
            from = -1;
        }
    }

    void close() {
        all.forEach(Replay::close);
    }

    private List<RunEvent.Timing> timings() {
        List<RunEvent.Timing> timings = new ArrayList<>();
        for (int i = 0; i < times.length; i++) {
            timings.add(new RunEvent.Timing(all.get(i).name(), times[i], all.get(i).reason()));
        }
        return timings;
    }
}
