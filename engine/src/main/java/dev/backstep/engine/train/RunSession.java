package dev.backstep.engine.train;

import dev.backstep.engine.backend.device.CpuDevice;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.data.Tables;
import dev.backstep.engine.graph.Network;
import dev.backstep.engine.step.Health;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A run that is watched and steered: takes {@link RunCommand}s, is given time by {@link #work}, and tells
 * {@link RunEvent}s. It knows nothing of where it runs. What it tells beside the numbers of batches (measures, figures)
 * is made less often where it would take much of the time.
 */
public final class RunSession {
    /** How much memory checkpoints on the way may take. */
    private static final long MEMORY = 32L << 20;
    private static final long MILLI = 1_000_000;
    /** Losses are told at most so often while the run goes on. */
    private static final long TELL = 30 * MILLI;
    /** So many epochs are measured in any case; later ones as often as losses are told, in a twentieth. */
    private static final int MEASURED = 50;
    private static final int SHARE = 20;
    /** How long between checkpoints that have to wait for answers. */
    private static final long KEPT = 2_000 * MILLI;
    /** How long between looks at the gradients by depth. */
    private static final long LOOK = 2_000 * MILLI;

    private final Consumer<RunEvent> listener;
    private final LongSupplier clock;
    private final Trail trail = new Trail(MEMORY);
    private final Untold untold = new Untold();
    private final Ahead ahead = new Ahead();
    private Trainer trainer;
    private Checkpoint beginning;
    private Evaluation evaluation;
    private Figures figures;
    private Warnings warnings;
    private Set<Figure> watched = EnumSet.noneOf(Figure.class);

    private RunEvent.State state = RunEvent.State.PAUSED;
    /** Where the run pauses. */
    private long goal;
    /** Batches up to this one were told already. */
    private long told;
    private long lastTold;
    private long nextFigures;
    private long nextKept;
    private long nextLook;
    private long nextMeasure;
    private long working;
    private long measuring;
    /** Whether the epoch whose last batch was just taken is measured, for which no other may be taken. */
    private boolean measures;
    private double rate;

    /** Prepares a run, which is paused at first, and tells that it is ready or why it cannot begin. */
    public RunSession(Run run, Consumer<RunEvent> listener) {
        this(run, 0, listener);
    }

    /**
     * Likewise, of a run that goes on elsewhere.
     *
     * @param told batches up to this one were told already; those of them that the checkpoint lacks are done again, and
     *     not told again
     */
    public RunSession(Run run, long told, Consumer<RunEvent> listener) {
        this(run, told, listener, List.of(new CpuDevice()));
    }

    /** Likewise. @param devices on which its batches may run */
    public RunSession(Run run, long told, Consumer<RunEvent> listener, List<Device> devices) {
        this(run, told, listener, System::nanoTime, devices);
    }

    RunSession(Run run, Consumer<RunEvent> listener, LongSupplier clock) {
        this(run, listener, clock, List.of(new CpuDevice()));
    }

    /** @param devices on which its batches may run */
    public RunSession(Run run, Consumer<RunEvent> listener, LongSupplier clock, List<Device> devices) {
        this(run, 0, listener, clock, devices);
    }

    private RunSession(Run run, long told, Consumer<RunEvent> listener, LongSupplier clock, List<Device> devices) {
        this.listener = listener;
        this.clock = clock;
        try {
            run.tables().forEach(Tables::put);
            trainer = new Trainer(run.graph(), devices, run.device(), clock);
            beginning = trainer.checkpoint();
            Checkpoint saved = run.checkpoint() == null ? beginning : Checkpoint.read(run.checkpoint());
            trainer.restore(saved);
            if (trainer.isOwn(saved)) {
                trail.add(beginning);
            }
            trail.add(saved);
        } catch (Refusal refused) {
            fail(refused);
            return;
        }
        evaluation = new Evaluation(trainer.setup());
        figures = new Figures(trainer, evaluation, listener);
        warnings = new Warnings(trainer, listener);
        this.told = Math.max(told, trainer.batch());
        goal = total();
        listener.accept(figures.started(total()));
        trainer.fastest().tell(timings -> listener.accept(
                new RunEvent.Place(trainer.batch(), trainer.fastest().name(), timings)));
        go(still());
    }

    private void fail(Refusal refused) {
        state = RunEvent.State.STOPPED;
        listener.accept(new RunEvent.Failed(refused.reason()));
    }

    private long total() {
        return trainer.loop().epochs() * trainer.batches();
    }

    /** Where it stands. */
    public RunEvent.State state() {
        return state;
    }

    // Commands

    /** Does as it is told; what takes time is done by {@link #work}, which must be called then. */
    public void send(RunCommand command) {
        if (state == RunEvent.State.STOPPED) {
            return;
        }
        switch (command) {
            case RunCommand.Resume _ -> run(total());
            case RunCommand.Pause _ -> {
                if (state == RunEvent.State.RUNNING) {
                    finish();
                }
                if (state == RunEvent.State.RUNNING) {
                    stand(RunEvent.State.PAUSED);
                }
            }
            case RunCommand.Batches batches -> seek(position() + batches.count());
            case RunCommand.Epoch _ -> seek((position() / trainer.batches() + 1) * trainer.batches());
            case RunCommand.Seek seek -> seek(seek.batch());
            case RunCommand.Reset _ -> {
                flush();
                trail.clear();
                trail.add(beginning);
                back(0);
            }
            case RunCommand.Watch watch -> {
                watched = EnumSet.noneOf(Figure.class);
                watched.addAll(watch.figures());
                figures.tellPoints();
                if (state != RunEvent.State.RUNNING) {
                    draw();
                }
            }
            case RunCommand.Save _ -> {
                finish();
                flush();
                told = Math.max(told, trainer.answered());
                listener.accept(new RunEvent.Saved(trainer.batch(), trainer.checkpoint().write()));
            }
            case RunCommand.Stop _ -> {
                stand(RunEvent.State.STOPPED);
                trainer.close();
            }
        }
    }

    /** Gives back what devices hold; what was not told or saved before is lost. */
    public void close() {
        if (trainer != null) {
            trainer.fastest().close();
        }
    }

    /** Where it stands, or is about to when it is on its way back. */
    private long position() {
        return trainer.batch() < told && state == RunEvent.State.RUNNING ? goal : trainer.batch();
    }

    private void run(long to) {
        goal = to;
        go(trainer.hasNext() ? RunEvent.State.RUNNING : RunEvent.State.DONE);
    }

    private void seek(long batch) {
        long to = Math.clamp(batch, 0, total());
        if (to < trainer.batch() || trainer.batch() < told) {
            flush();
            back(to);
        } else if (to > trainer.batch()) {
            run(to);
        } else {
            stand(still());
        }
    }

    private RunEvent.State still() {
        return trainer.hasNext() ? RunEvent.State.PAUSED : RunEvent.State.DONE;
    }

    /** Restores the checkpoint before a batch; what is missing, {@link #work} does again. */
    private void back(long batch) {
        // What lies before a checkpoint of another program cannot be done again.
        long to = Math.max(batch, trail.first());
        trainer.restore(trail.before(to));
        warnings.forget();
        measures = false;
        told = to;
        goal = to;
        if (trainer.batch() == to) {
            stand(still());
        } else {
            state = RunEvent.State.RUNNING;
        }
    }

    // Work

    /**
     * Goes on for about so long.
     *
     * @return whether there is more to do at once
     */
    public boolean work(long budgetMillis) {
        if (state != RunEvent.State.RUNNING) {
            return false;
        }
        long start = clock.getAsLong();
        long end = start + budgetMillis * MILLI;
        long from = trainer.batch();
        long now;
        try {
            do {
                batch();
                now = clock.getAsLong();
            } while (state == RunEvent.State.RUNNING && now < end && !waits());
        } catch (Refusal refused) {
            flush();
            fail(refused);
            return false;
        }
        working += now - start;
        ahead.answered(trainer.answered(), now);
        double lately = (trainer.batch() - from) * 1e9 / Math.max(1, now - start);
        rate = rate == 0 ? lately : 0.8 * rate + 0.2 * lately;
        if (state == RunEvent.State.RUNNING && trainer.answered() > told && now - lastTold >= TELL) {
            go(RunEvent.State.RUNNING);
        }
        if (state == RunEvent.State.RUNNING && !watched.isEmpty() && now >= nextFigures && trainer.batch() >= told) {
            draw();
        }
        return state == RunEvent.State.RUNNING;
    }

    /** Whether answers must come first, for which whoever calls {@link #work} must let others work. */
    private boolean waits() {
        long open = trainer.batch() - trainer.answered();
        return open > 0 && (open >= ahead.most() || trainer.waits() || measures || !trainer.hasNext()
                || trainer.batch() >= goal);
    }

    private void batch() {
        if (waits()) {
            trainer.ask();
        } else {
            long before = trainer.answered();
            trainer.next();
            measures = trainer.inEpoch() == 0 && isMeasured();
            keep(trainer.batch());
            if (trainer.answered() > before) {
                answered();
            }
        }
        while (state == RunEvent.State.RUNNING && trainer.poll()) {
            answered();
        }
        String failed = trainer.failure();
        if (failed != null) {
            listener.accept(new RunEvent.Warning(trainer.batch(), "device_failed", null, Double.NaN));
        }
    }

    /** Tells of all batches that were taken. */
    private void finish() {
        if (trainer.answered() < trainer.batch()) {
            trainer.finish();
            while (state == RunEvent.State.RUNNING && trainer.poll()) {
                answered();
            }
        }
    }

    /** Makes a checkpoint where one is wanted; less often where that has to wait for answers. */
    private void keep(long at) {
        if (trail.wants(at) && (trainer.answered() == at || clock.getAsLong() >= nextKept)) {
            trail.add(trainer.checkpoint());
            nextKept = clock.getAsLong() + KEPT;
        }
    }

    /** Tells of the batch whose numbers have come. */
    private void answered() {
        long at = trainer.answered();
        if (at > told) {
            untold.add(at, trainer.loss(), trainer.norm());
            warnings.batch();
            // Not where the training went back to a batch before that one, to look at it closely.
            if (measures && at == trainer.batch() && trainer.inEpoch() == 0) {
                epochEnd();
            }
            if (!Double.isFinite(trainer.loss())) {
                stand(RunEvent.State.DIVERGED);
                return;
            }
        }
        if (at == trainer.batch() && (!trainer.hasNext() || at >= goal)) {
            stand(still());
        }
    }

    private boolean isMeasured() {
        boolean last = !trainer.hasNext() || trainer.batch() >= goal;
        return trainer.epoch() <= MEASURED || last
                || clock.getAsLong() >= nextMeasure && measuring * SHARE <= working;
    }

    private void epochEnd() {
        measures = false;
        long start = clock.getAsLong();
        nextMeasure = start + TELL;
        trainer.settle();
        Map<String, boolean[]> alive = new HashMap<>();
        listener.accept(figures.epochEnd(alive));
        warnings.relus(Evaluation.silentShares(alive));
        if (start >= nextLook && NextBatch.isQuick(trainer)) {
            look();
            nextLook = clock.getAsLong() + LOOK;
        }
        measuring += clock.getAsLong() - start;
    }

    /** How the gradients of the next batch fare by depth. */
    private void look() {
        if (!trainer.hasNext()) {
            return;
        }
        try {
            NextBatch next = NextBatch.of(trainer.setup().graph, trainer.checkpoint());
            next.actAll();
            warnings.depths(Health.of(next.playback(), next.afterBackward()));
        } catch (Network.Refused | TorchError refused) {
            // Then the batch itself will be refused, and says so.
            return;
        }
    }

    // Telling

    /** Stands still, and tells all there is to tell. */
    private void stand(RunEvent.State how) {
        go(how);
        if (how != RunEvent.State.STOPPED) {
            draw();
        }
    }

    private void go(RunEvent.State how) {
        flush();
        state = how;
        if (how != RunEvent.State.RUNNING) {
            ahead.rest();
        }
        told = Math.max(told, trainer.answered());
        listener.accept(new RunEvent.At(state, trainer.answered(), trainer.epoch(), rate));
        lastTold = clock.getAsLong();
    }

    private void flush() {
        if (!untold.isEmpty()) {
            listener.accept(untold.take());
        }
    }

    /** Makes the figures that are looked at; while the run goes on, as often as takes a sixteenth of the time. */
    private void draw() {
        long start = clock.getAsLong();
        List<Figure> wanted = new ArrayList<>(watched);
        try {
            trainer.settle();
            wanted.forEach(figures::draw);
        } catch (Network.Refused | TorchError refused) {
            watched.clear();
        }
        long took = clock.getAsLong() - start;
        nextFigures = start + took + Math.max(100 * MILLI, 15 * took);
    }
}
