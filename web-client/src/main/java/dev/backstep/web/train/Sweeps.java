package dev.backstep.web.train;

import com.grack.nanojson.JsonObject;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.SafeJson;
import dev.backstep.web.session.Signal;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The sweep that is open, and how one is asked for, opened and stopped. Only one is open at a time. */
public final class Sweeps {
    private static final String SWEEPS = "/api/sweeps";

    /** Another sweep is open, or the one that is open told something. */
    public final Signal changed = new Signal();

    private final RunServer server;
    private final BooleanSupplier hidden;
    private final Remembered tokens = new Remembered("backstep.serverSweeps");
    private final OwnRuns runs = new OwnRuns();
    private SweepWatch watch;

    /** @param hidden whether nobody sees the page, so that nothing needs to be asked */
    public Sweeps(RunServer server, BooleanSupplier hidden) {
        this.server = server;
        this.hidden = hidden;
    }

    /**
     * Asks the server for a sweep and opens it.
     *
     * @param answer gets why not, or null where it was accepted
     * @throws GraphException where one of the layers would be too large
     */
    public void begin(SweepPlan plan, Consumer<Denial> answer) {
        server.send("POST", SWEEPS, plan.request(), null, came -> {
            if (!came.isOk()) {
                answer.accept(Denial.of(came));
                return;
            }
            JsonObject sweep = SafeJson.parse(came.text());
            tokens.put(sweep.getString("id"), sweep.getString("cancelToken"));
            open(sweep.getString("id"));
            answer.accept(null);
        });
    }

    /** Opens a sweep that was asked for earlier, here or elsewhere. */
    public void open(String id) {
        close();
        watch = new SweepWatch(server, id, hidden, changed::fire);
        changed.fire();
    }

    /** Leaves the open sweep to itself. */
    public void leave() {
        close();
        watch = null;
        changed.fire();
    }

    private void close() {
        if (watch != null) {
            watch.close();
        }
    }

    /** The sweep that is open, or null. */
    public SweepWatch watch() {
        return watch;
    }

    /** Whether the open sweep was asked for by this browser, which may stop it. */
    public boolean isOwn() {
        return watch != null && tokens.get(watch.id()) != null;
    }

    /** Stops all runs of the open sweep; {@code refused} gets why not. */
    public void stop(Consumer<Denial> refused) {
        server.send("DELETE", SWEEPS + "/" + watch.id(), null, tokens.get(watch.id()), answer -> {
            if (!answer.isOk()) {
                refused.accept(Denial.of(answer));
            }
        });
    }

    /** Who may stop a sweep may steer each of its runs: said before one of them is opened. */
    public void own(String run) {
        if (isOwn()) {
            runs.add(run, tokens.get(watch.id()));
        }
    }
}
