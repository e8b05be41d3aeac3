package dev.backstep.web.train;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.data.SafeTensors;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.SafeJson;
import dev.backstep.engine.train.Checkpoint;
import dev.backstep.engine.train.EventJson;
import dev.backstep.engine.train.Refusal;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.State;
import dev.backstep.engine.train.RunJson;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A run on a server. It goes on whether somebody watches or not, so who comes later is told all of it from the
 * beginning. It is steered by who has its token, which is given to who asked for it.
 */
public final class ServerRun implements Runner, RunServer.Ear {
    private static final String RUNS = "/api/runs";
    private static final String PAUSE = "pause";
    private static final String RUN = "run";
    private static final String STOP = "stop";
    private static final int GONE = 404;
    private static final int AGAIN_MS = 2_000;
    /** A run that ended early may never have kept anything. */
    private static final int MOST_MISSED = 30;

    private final RunServer server;
    private final OwnRuns own;
    private final Listener listener;
    private String id;
    private String token;
    /** What to ask of it once it has a name. */
    private String wanted = RUN;
    private RunServer.Stream stream;
    private long last;
    private RunEvent.At at;
    private boolean failed;
    /** How often in a row there was no checkpoint. */
    private int missed;
    private boolean cutOff;
    private boolean over;
    private boolean closed;

    private ServerRun(RunServer server, OwnRuns own, Listener listener) {
        this.server = server;
        this.own = own;
        this.listener = listener;
    }

    /** What a server is sent to begin a run, or to go on from a checkpoint unless that is null. */
    static String request(Graph graph, byte[] checkpoint) {
        return RunJson.write(new Run(graph, Map.of(), checkpoint));
    }

    /** Asks a server for a run. */
    static ServerRun begin(RunServer server, OwnRuns own, Graph graph, byte[] checkpoint, Listener listener) {
        ServerRun run = new ServerRun(server, own, listener);
        server.send("POST", RUNS, request(graph, checkpoint), null, run::begun);
        return run;
    }

    /** Watches a run that was asked for earlier, here or elsewhere. */
    static ServerRun watch(RunServer server, OwnRuns own, String id, Listener listener) {
        ServerRun run = new ServerRun(server, own, listener);
        run.id = id;
        run.token = own.token(id);
        run.stream = server.listen(run.path() + "/events", run);
        return run;
    }

    private void begun(RunServer.Answer answer) {
        if (!answer.isOk()) {
            if (!closed) {
                over = true;
                Denial denial = Denial.of(answer);
                listener.refused(denial);
                listener.gone(denial.detail());
            }
            return;
        }
        JsonObject run = SafeJson.parse(answer.text());
        id = run.getString("id");
        token = run.getString("cancelToken");
        own.add(id, token);
        if (closed) {
            // It was given up before the server had answered: nobody knows of it.
            steer(STOP);
            return;
        }
        stream = server.listen(path() + "/events", this);
        if (!wanted.equals(RUN)) {
            steer(wanted);
        }
        listener.changed();
    }

    private String path() {
        return RUNS + "/" + id;
    }

    /** Its name on the server; null before it has one. */
    public String id() {
        return id;
    }

    /** Whether the connection is lost at the moment. */
    public boolean isCutOff() {
        return cutOff;
    }

    /** Whether the server has it, and has not begun. */
    public boolean isQueued() {
        return id != null && last == 0 && !over;
    }

    @Override
    public Site site() {
        return Site.SERVER;
    }

    @Override
    public Control control() {
        return id != null && token == null || over ? Control.WATCH : Control.STEER;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void send(RunCommand command) {
        switch (command) {
            case RunCommand.Resume _ -> want(RUN);
            case RunCommand.Pause _ -> want(PAUSE);
            case RunCommand.Stop _ -> want(STOP);
            case RunCommand.Save _ -> save();
            // All figures are made there, for whoever watches.
            case RunCommand.Watch _ -> { }
            default -> throw new IllegalArgumentException("a run on a server does not take " + command);
        }
    }

    private void want(String what) {
        wanted = what;
        if (id != null && !over) {
            steer(what);
        }
    }

    private void steer(String what) {
        if (what.equals(STOP)) {
            server.send("DELETE", path(), null, token, answer -> steered(answer));
        } else {
            JsonObject body = new JsonObject();
            body.put("wanted", what);
            server.send("PATCH", path(), JsonWriter.string(body), token, answer -> steered(answer));
        }
    }

    private void steered(RunServer.Answer answer) {
        if (!answer.isOk() && !closed) {
            listener.refused(Denial.of(answer));
        }
    }

    /** Fetches the parameters of where it stands; those of a run that goes on the server keeps. */
    private void save() {
        if (id != null && at != null && at.state() != State.RUNNING) {
            server.fetch(path() + "/result", this::fetched);
        }
    }

    private void fetched(Bytes checkpoint) {
        if (closed || at.state() == State.RUNNING) {
            return;
        }
        if (checkpoint != null) {
            missed = 0;
            try {
                listener.saved(Checkpoint.batch(checkpoint.head(SafeTensors.MAX_HEADER)), checkpoint);
            } catch (Refusal unreadable) {
                listener.refused(new Denial(Denial.UNREACHED, unreadable.getMessage()));
            }
        } else if (at.batch() > 0 && ++missed < MOST_MISSED) {
            server.later(AGAIN_MS, () -> {
                if (!closed) {
                    save();
                }
            });
        }
    }

    // What the server tells

    @Override
    public void event(long number, String text) {
        if (closed || number <= last) {
            return;
        }
        last = number;
        RunEvent event;
        try {
            event = EventJson.read(text);
        } catch (GraphException unreadable) {
            leave(unreadable.getMessage());
            return;
        }
        if (event instanceof RunEvent.At told) {
            at = told;
            over = told.state() == State.DONE || told.state() == State.DIVERGED || told.state() == State.STOPPED;
        }
        failed |= event instanceof RunEvent.Failed;
        over |= failed;
        listener.told(event);
    }

    /** All was told; what the run itself did not say, how it ended does. */
    @Override
    public void end() {
        ask(row -> {
            over = true;
            cutOff = false;
            String phase = row.getString("phase", "");
            if (phase.equals("failed") && !failed) {
                leave(row.getString("error", ""));
            } else if (phase.equals("stopped") && (at == null || at.state() != State.STOPPED)) {
                at = new RunEvent.At(State.STOPPED, at == null ? 0 : at.batch(), at == null ? 0 : at.epoch(), 0);
                listener.told(at);
            }
            listener.changed();
        });
    }

    /** Asks how it stands, until there is an answer. */
    private void ask(Consumer<JsonObject> then) {
        server.send("GET", path(), null, null, answer -> {
            if (closed) {
                return;
            }
            if (answer.status() == GONE) {
                Denial denial = Denial.of(answer);
                listener.refused(denial);
                leave(denial.detail());
            } else if (answer.isOk()) {
                then.accept(SafeJson.parse(answer.text()));
            } else {
                server.later(AGAIN_MS, () -> ask(then));
            }
        });
    }

    @Override
    public void connected() {
        cutOff = false;
        listener.changed();
    }

    @Override
    public void dropped() {
        if (!cutOff) {
            cutOff = true;
            listener.changed();
            // It may be that there is no such run, or none any more.
            ask(row -> { });
        }
    }

    private void leave(String why) {
        over = true;
        close();
        listener.gone(why);
    }

    @Override
    public void close() {
        closed = true;
        if (stream != null) {
            stream.close();
        }
    }
}
