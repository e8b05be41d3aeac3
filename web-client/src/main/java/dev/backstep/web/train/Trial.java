package dev.backstep.web.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.State;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A run for about two seconds, only to see how fast its batches are and how many there will be. */
public final class Trial implements Runner.Listener {
    private static final long LONG_ENOUGH_MS = 2_000;

    /**
     * What came of it.
     *
     * @param rate batches a second; 0 where the run was over too soon, or failed
     * @param total batches of all epochs; 0 where that is not known
     */
    public record Outcome(double rate, long total) {}

    private final Consumer<Outcome> answer;
    private final LongSupplier clock;
    private Runner runner;
    private long total;
    private long begun;
    private double rate;
    private boolean over;

    private Trial(Consumer<Outcome> answer, LongSupplier clock) {
        this.answer = answer;
        this.clock = clock;
    }

    /** Begins one at a place; answers once. */
    public static Trial start(Training.Place place, Graph graph, Consumer<Outcome> answer) {
        return start(place, graph, answer, System::currentTimeMillis);
    }

    static Trial start(Training.Place place, Graph graph, Consumer<Outcome> answer, LongSupplier clock) {
        Trial trial = new Trial(answer, clock);
        trial.runner = place.start(graph, null, trial);
        trial.runner.send(new RunCommand.Resume());
        if (trial.over) {
            trial.runner.close();
        }
        return trial;
    }

    /** Gives it up: there will be no answer. */
    public void cancel() {
        if (!over) {
            over = true;
            runner.close();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            if (runner != null) {
                runner.close();
            }
            answer.accept(new Outcome(rate, total));
        }
    }

    @Override
    public void told(RunEvent event) {
        switch (event) {
            case RunEvent.Started started -> total = started.total();
            case RunEvent.At at -> {
                if (at.batch() > 0) {
                    rate = at.rate();
                    boolean ended = at.state() != State.RUNNING;
                    begun = begun == 0 ? clock.getAsLong() : begun;
                    if (ended || clock.getAsLong() - begun >= LONG_ENOUGH_MS) {
                        end();
                    }
                }
            }
            case RunEvent.Failed _ -> end();
            default -> { }
        }
    }

    @Override
    public void saved(long batch, Bytes checkpoint) {
        // Nobody wants it.
    }

    @Override
    public void gone(String why) {
        end();
    }
}
