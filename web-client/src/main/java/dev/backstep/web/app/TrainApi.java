package dev.backstep.web.app;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.JsonFields;
import dev.backstep.engine.graph.SafeJson;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunEvent.State;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.LoopEdits;
import dev.backstep.web.train.ComputeServer;
import dev.backstep.web.train.Denial;
import dev.backstep.web.train.Growing;
import dev.backstep.web.train.Past;
import dev.backstep.web.train.RunLog;
import dev.backstep.web.train.Runner.Site;
import dev.backstep.web.train.ServerRun;
import dev.backstep.web.train.Training;
import dev.backstep.web.train.WorkerRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSError;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.json.JSON;

/** The part of {@code window.backstep} that trains: {@code train}, {@code runs} and the events. */
final class TrainApi {
    /** What {@code on} can be asked for. */
    static final List<String> EVENTS = List.of("started", "losses", "epoch", "warning", "place", "state");

    private static final String TAB = "tab";
    private static final String SERVER = "server";

    private final Editor editor;
    private final Training training;
    private final ComputeServer server;
    private final Map<String, List<Consumer<JSObject>>> listeners = new HashMap<>();

    TrainApi(Editor editor, Training training, ComputeServer server) {
        this.editor = editor;
        this.training = training;
        this.server = server;
        training.listen(this::tell);
    }

    /** Trains the open document from its beginning; kept when the run has ended, with its figures. */
    JSPromise<JSObject> train(JSObject options) {
        return new JSPromise<>((done, failed) -> {
            try {
                JsonFields asked = JsonFields.of(JSObjects.isUndefined(options) ? new JsonObject()
                        : SafeJson.parse(JSON.stringify(options)), "options", List.of("epochs", "steps", "seed", "on"));
                int steps = asked.has("steps") ? asked.integer("steps", 1, Integer.MAX_VALUE) : 0;
                boolean onServer = asked.has("on") && isServer(asked.text("on"));
                if (onServer && steps > 0) {
                    throw new IllegalArgumentException("options.steps: a run on the server takes no single batches");
                }
                begin(asked, onServer ? server.place() : WorkerRun::start);
                if (steps > 0) {
                    training.batches(steps);
                } else if (!onServer) {
                    training.run();
                }
                new Waiting(steps, done::accept, text -> failed.accept(new JSError(text)));
            } catch (RuntimeException refused) {
                failed.accept(new JSError(refused.getMessage()));
            }
        });
    }

    /** What a call asks for holds for its run; the document stays as it is. */
    private void begin(JsonFields asked, Training.Place place) {
        Map<String, Object> changes = new LinkedHashMap<>();
        if (asked.has("epochs")) {
            changes.put("epochs", (long) asked.integer("epochs", 1, Integer.MAX_VALUE));
        }
        if (asked.has("seed")) {
            changes.put("seed", (long) asked.integer("seed", 0, Integer.MAX_VALUE));
        }
        Graph graph = editor.graph();
        training.begin(changes.isEmpty() ? graph : graph.with(LoopEdits.set(graph, changes)), place);
    }

    private static boolean isServer(String on) {
        if (!on.equals(TAB) && !on.equals(SERVER)) {
            throw new IllegalArgumentException("options.on: \"tab\" or \"server\"");
        }
        return on.equals(SERVER);
    }

    /** Waits for the end of the run that was just begun. */
    private final class Waiting {
        private final int run = training.number();
        private final int steps;
        private final Consumer<JSObject> done;
        private final Consumer<String> failed;
        private boolean over;

        Waiting(int steps, Consumer<JSObject> done, Consumer<String> failed) {
            this.steps = steps;
            this.done = done;
            this.failed = failed;
            training.changed.listen(this::look);
        }

        private void look() {
            if (over) {
                return;
            }
            RunLog log = training.log();
            if (training.number() != run || log == null) {
                end("another run has begun");
            } else if (training.lost() != null && training.site() == Site.SERVER) {
                Denial denial = training.denial();
                end(denial == null ? "the run on the server has failed: " + training.lost()
                        : denial.status() == Denial.UNREACHED ? "the server was not reached"
                        : "the server refused (" + denial.status() + "): " + denial.detail());
            } else if (training.lost() != null) {
                end("the worker has died: " + training.lost());
            } else if (log.failure() != null) {
                end(log.failure().text());
            } else if (log.state() == State.DONE || log.state() == State.DIVERGED || log.state() == State.STOPPED
                    || log.state() == State.PAUSED && steps > 0 && log.batch() >= steps) {
                over = true;
                done.accept(json(figures(run, log)));
            }
        }

        private void end(String why) {
            over = true;
            failed.accept(why);
        }
    }

    /** All runs of this visit, the present one first. */
    JSObject runs() {
        JsonArray runs = new JsonArray();
        if (training.log() != null) {
            ServerRun there = training.serverRun();
            runs.add(run(training.number(), training.log(), there != null, there == null ? null : there.id()));
        }
        for (Past past : training.past()) {
            runs.add(run(past.number(), past.log(), past.server() != null, past.server()));
        }
        return JSON.parse(JsonWriter.string(runs));
    }

    private static JsonObject run(int number, RunLog log, boolean onServer, String id) {
        JsonObject run = figures(number, log);
        run.put("on", onServer ? SERVER : TAB);
        run.put("id", id);
        run.put("losses", numbers(log.losses()));
        run.put("norms", numbers(log.norms()));
        JsonArray epochs = new JsonArray();
        log.epochs().forEach(end -> epochs.add(epoch(end)));
        run.put("epochs", epochs);
        return run;
    }

    private static JsonArray numbers(Growing growing) {
        JsonArray array = new JsonArray();
        for (int i = 0; i < growing.size(); i++) {
            array.add(number(growing.get(i)));
        }
        return array;
    }

    /** JSON has no words for what is not finite. */
    private static Object number(double value) {
        return Double.isFinite(value) ? (Object) value : null;
    }

    private static JsonObject figures(int number, RunLog log) {
        JsonObject figures = new JsonObject();
        figures.put("run", number);
        figures.put("state", log.state() == null ? "starting" : log.state().name().toLowerCase());
        figures.put("batch", log.batch());
        figures.put("loss", number(log.losses().last()));
        RunEvent.EpochEnd end = log.lastEpoch();
        figures.put("testLoss", end == null ? null : number(end.testLoss()));
        figures.put("trainAccuracy", end == null ? null : number(end.trainAccuracy()));
        figures.put("testAccuracy", end == null ? null : number(end.testAccuracy()));
        return figures;
    }

    private static JsonObject epoch(RunEvent.EpochEnd end) {
        JsonObject json = new JsonObject();
        json.put("epoch", end.epoch());
        json.put("batch", end.batch());
        json.put("trainLoss", number(end.trainLoss()));
        json.put("testLoss", number(end.testLoss()));
        json.put("trainAccuracy", number(end.trainAccuracy()));
        json.put("testAccuracy", number(end.testAccuracy()));
        json.put("lr", number(end.lr()));
        return json;
    }

    /**
     * Calls back at each event of that name.
     *
     * @return what ends that
     * @throws IllegalArgumentException where there is no such event
     */
    Runnable on(String event, Consumer<JSObject> listener) {
        if (!EVENTS.contains(event)) {
            throw new IllegalArgumentException("there is no event of that name: " + String.join(", ", EVENTS) + " are");
        }
        listeners.computeIfAbsent(event, name -> new ArrayList<>()).add(listener);
        return () -> listeners.get(event).remove(listener);
    }

    private void tell(RunEvent event) {
        switch (event) {
            case RunEvent.Started started -> {
                JsonObject json = new JsonObject();
                json.put("run", training.number());
                json.put("batches", started.batches());
                json.put("total", started.total());
                json.put("train", started.train());
                json.put("test", started.test());
                json.put("parameters", new JsonArray(started.parameters()));
                tell("started", json);
            }
            case RunEvent.Losses losses -> {
                JsonObject json = new JsonObject();
                json.put("first", losses.first());
                JsonArray numbers = new JsonArray();
                for (double loss : losses.losses()) {
                    numbers.add(number(loss));
                }
                json.put("losses", numbers);
                tell("losses", json);
            }
            case RunEvent.EpochEnd end -> tell("epoch", epoch(end));
            case RunEvent.Warning warning -> {
                JsonObject json = new JsonObject();
                json.put("batch", warning.batch());
                json.put("code", warning.code());
                json.put("node", warning.node() == null || training.trained().node(warning.node()) == null ? null
                        : training.trained().node(warning.node()).label());
                json.put("value", number(warning.value()));
                tell("warning", json);
            }
            case RunEvent.Place place -> {
                JsonObject json = new JsonObject();
                json.put("device", place.device());
                JsonObject micros = new JsonObject();
                place.timings().forEach(timing -> micros.put(timing.device(), number(timing.micros())));
                json.put("micros", micros);
                tell("place", json);
            }
            case RunEvent.At _ -> tell("state", figures(training.number(), training.log()));
            default -> { }
        }
    }

    private void tell(String name, JsonObject json) {
        List<Consumer<JSObject>> those = listeners.get(name);
        if (those != null && !those.isEmpty()) {
            JSObject detail = json(json);
            List.copyOf(those).forEach(listener -> listener.accept(detail));
        }
    }

    private static JSObject json(JsonObject json) {
        return JSON.parse(JsonWriter.string(json));
    }
}
