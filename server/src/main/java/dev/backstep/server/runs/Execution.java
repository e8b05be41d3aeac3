package dev.backstep.server.runs;

import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.train.EventJson;
import dev.backstep.engine.train.Figure;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunJson;
import dev.backstep.engine.train.RunSession;
import dev.backstep.server.runs.RunStore.Event;
import dev.backstep.server.runs.RunStore.Progress;
import dev.backstep.server.runs.RunStore.Taken;
import dev.backstep.server.runs.RunStore.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One worker's work on one run: computes, keeps what it tells, and leaves it done, paused, or for another worker.
 * What is kept always ends at a batch up to which all is told, so whoever goes on misses nothing and repeats nothing.
 */
final class Execution {
    private static final long SLICE_MILLIS = 50;
    private static final long COMMIT_NANOS = Duration.ofMillis(200).toNanos();
    /** Between two pictures of a kind. */
    private static final long PICTURE_NANOS = Duration.ofSeconds(2).toNanos();

    private final RunStore store;
    private final Taken run;
    private final Limits limits;
    private final long saveNanos;
    private final Hardware hardware;
    private final BooleanSupplier stopping;
    private final Meter meter;

    private final List<RunEvent> heard = new ArrayList<>();
    private final Map<Class<?>, Long> pictures = new HashMap<>();
    private long seq;
    private Progress progress;
    private boolean begun;
    private RunEvent.State state = RunEvent.State.PAUSED;
    private RunEvent.Saved saved;
    private RunEvent.Failed failed;

    /**
     * @param hardware what it computes on
     * @param stopping whether this worker is about to end, so that the run is left to another
     * @param meter counts the run's memory
     */
    Execution(RunStore store, Taken run, Limits limits, Duration save, Hardware hardware, BooleanSupplier stopping,
            Meter meter) {
        this.hardware = hardware;
        this.store = store;
        this.run = run;
        this.limits = limits;
        this.saveNanos = save.toNanos();
        this.stopping = stopping;
        this.meter = meter;
        this.seq = run.nextSeq();
        this.progress = new Progress(run.told(), 0, 0, 0, run.measures(), null);
    }

    /**
     * Computes until the run is over, is not wanted any more, or this worker ends.
     *
     * @return where the run stands now
     * @throws RunStore.Superseded where another worker has taken it
     */
    Phase execute() {
        try (var _ = meter.measure()) {
            return compute();
        } catch (TooMuchMemory refused) {
            return leave(Phase.FAILED, refused.getMessage());
        }
    }

    private Phase compute() {
        RunSession session;
        try {
            Run asked = RunJson.readRun(run.run());
            Optional<String> refusal = limits.refusal(asked.graph());
            if (refusal.isPresent()) {
                return refuse(refusal.get());
            }
            Hardware.Equipment now = hardware.now();
            Run resumed = new Run(asked.graph(), Map.of(), run.checkpoint() == null ? asked.checkpoint()
                    : run.checkpoint(), now.wanted());
            session = new RunSession(resumed, run.told(), this::hear, MeteredDevice.of(now.devices(), meter));
        } catch (GraphException broken) {
            return refuse(broken.getMessage());
        }
        try {
            return compute(session);
        } finally {
            session.close();
        }
    }

    private Phase compute(RunSession session) {
        if (failed == null && progress.total() > limits.batches()) {
            return leave(Phase.FAILED, "The run has %,d batches; this server computes %,d of one run at most."
                    .formatted(progress.total(), limits.batches()));
        }
        begun = true;
        session.send(new RunCommand.Watch(EnumSet.allOf(Figure.class)));
        session.send(new RunCommand.Resume());
        return failed == null ? work(session) : end(session);
    }

    private Phase work(RunSession session) {
        long start = System.nanoTime();
        long committed = start;
        long kept = start;
        while (session.work(SLICE_MILLIS)) {
            long now = System.nanoTime();
            if (now - committed < COMMIT_NANOS && !stopping.getAsBoolean()) {
                continue;
            }
            boolean late = now - start > limits.time().toNanos();
            if (late || stopping.getAsBoolean() || now - kept >= saveNanos) {
                session.send(new RunCommand.Save());
                kept = now;
            }
            String wanted = commit();
            committed = now;
            if (late) {
                return leave(Phase.FAILED, "The run took longer than the %s that this server gives to one."
                        .formatted(limits.time()));
            }
            if (wanted.equals("stop")) {
                session.send(new RunCommand.Save());
                session.send(new RunCommand.Stop());
            } else if (wanted.equals("pause")) {
                session.send(new RunCommand.Pause());
            } else if (stopping.getAsBoolean()) {
                return leave(Phase.QUEUED, null);
            }
        }
        return end(session);
    }

    private Phase end(RunSession session) {
        if (state != RunEvent.State.STOPPED) {
            session.send(new RunCommand.Save());
        }
        if (failed != null) {
            return leave(Phase.FAILED, failed.reason().text());
        }
        return leave(switch (state) {
            case DONE -> Phase.DONE;
            case DIVERGED -> Phase.DIVERGED;
            case STOPPED -> Phase.STOPPED;
            case PAUSED, RUNNING -> Phase.PAUSED;
        }, null);
    }

    /** Ends it before it began. */
    private Phase refuse(String error) {
        return store.leave(run, null, Phase.FAILED, error);
    }

    private Phase leave(Phase phase, String error) {
        return store.leave(run, told(), phase, error);
    }

    // What the run tells

    private void hear(RunEvent event) {
        switch (event) {
            case RunEvent.Saved s -> saved = s;
            case RunEvent.Started started -> {
                progress = new Progress(run.told(), started.total(), 0, 0, run.measures(), null);
                if (run.nextSeq() == 1) {
                    heard.add(event);
                }
            }
            case RunEvent.At at -> {
                state = at.state();
                // Whoever watches has been further already, with the worker before.
                if (begun && at.batch() >= run.told()) {
                    heard.add(event);
                }
            }
            case RunEvent.Failed f -> {
                failed = f;
                heard.add(event);
            }
            case RunEvent.Boundary _, RunEvent.Line _, RunEvent.Confusion _, RunEvent.Predictions _,
                    RunEvent.Histograms _, RunEvent.Norms _ -> picture(event);
            default -> heard.add(event);
        }
    }

    private void picture(RunEvent event) {
        long now = System.nanoTime();
        Long last = pictures.get(event.getClass());
        if (state != RunEvent.State.RUNNING || last == null || now - last >= PICTURE_NANOS) {
            pictures.put(event.getClass(), now);
            heard.add(event);
        }
    }

    private String commit() {
        return store.append(run, told());
    }

    /** All that was heard up to the last word of where the run stands; all there is once it stands still. */
    private Told told() {
        int end = heard.size();
        boolean goesOn = state == RunEvent.State.RUNNING && failed == null;
        while (goesOn && end > 0 && !(heard.get(end - 1) instanceof RunEvent.At)) {
            end--;
        }
        List<Event> events = new ArrayList<>();
        for (RunEvent event : heard.subList(0, end)) {
            events.add(new Event(seq++, EventJson.write(event)));
            if (event instanceof RunEvent.At at) {
                progress = progress.at(at);
            } else if (event instanceof RunEvent.EpochEnd measured) {
                progress = progress.after(measured);
            } else if (event instanceof RunEvent.Place place) {
                progress = progress.on(place.device().equals("eager") ? "cpu" : place.device());
            }
        }
        heard.subList(0, end).clear();
        RunEvent.Saved checkpoint = saved;
        saved = null;
        return new Told(events, progress, checkpoint == null ? 0 : checkpoint.batch(),
                checkpoint == null ? null : checkpoint.bytes());
    }
}
