package dev.backstep.web.train;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.backstep.engine.data.Source;
import dev.backstep.engine.data.Tables;
import dev.backstep.engine.graph.DataBox;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.train.EventJson;
import dev.backstep.engine.train.Run;
import dev.backstep.engine.train.RunCommand;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunJson;
import dev.backstep.web.jso.Assets;
import dev.backstep.web.jso.Fetch;
import dev.backstep.web.jso.ModuleWorker;
import dev.backstep.web.jso.SavedMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSString;
import org.teavm.jso.dom.events.MessageEvent;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.workers.Worker;

/**
 * A run in a worker of this page, which has an engine of its own. Both speak in texts. Those to the worker begin with
 * {@link #RUN} or {@link #COMMAND}; those from it are events, after an empty text once it is up, and after each run
 * that it was given. Checkpoints come as bytes, which a text would make large and slow. A worker that stands still is
 * given the next run.
 *
 * <p>A worker that a browser ends, for want of memory say, may do so without an event. So each holds a lock of its own
 * from before it is up, and the page waits for that.
 */
public final class WorkerRun implements Runner {
    /** How a text begins that is a run, and one that is a command of the run before. */
    public static final char RUN = 'R';
    public static final char COMMAND = 'C';

    /** And one that says which devices it may use. */
    public static final char DEVICES = 'D';

    private static final String LOCKED = "locked";

    private static WorkerRun spare;
    private static Supplier<String> devices = () -> "";
    private static Consumer<String> chosen = _ -> { };
    /** On which device batches are computed: a name, or what {@link Run#device} may be besides. */
    private static String device = "auto";

    private final Worker worker;
    private final String lock = "backstep.worker." + Math.random();
    private final List<String> waiting = new ArrayList<>();
    private boolean up;
    private boolean told;
    /** Whether what comes is of a run before. */
    private boolean deaf;
    private boolean running;
    private Listener listener;

    private WorkerRun() {
        worker = ModuleWorker.start(Assets.url("js/worker.js"));
        worker.onMessage((MessageEvent event) -> hear(event.getData()));
        worker.onError(event -> die(ModuleWorker.error(event)));
        JsonObject where = new JsonObject();
        where.put("engine", HTMLDocument.current().getDocumentElement().getAttribute("data-engine"));
        where.put("wasm", Assets.url("app.wasm"));
        where.put("js", Assets.url("app.js"));
        where.put("lock", lock);
        where.put("locked", LOCKED);
        ModuleWorker.post(worker, JsonWriter.string(where));
    }

    /**
     * Has workers told which devices they may use.
     *
     * @param told gives that as a text that they know to read
     * @param choosing is told the name of the device that batches are to be computed on
     */
    public static void devices(Supplier<String> told, Consumer<String> choosing) {
        devices = told;
        chosen = choosing;
    }

    /** On which device the batches of runs from now on are computed. */
    public static void device(String name) {
        device = name;
        chosen.accept(name);
    }

    /** Has a worker ready, because one will soon be wanted. */
    public static void warm() {
        if (spare == null) {
            spare = new WorkerRun();
        }
    }

    /** Begins a run, or goes on from a checkpoint. */
    public static Runner start(Graph graph, byte[] checkpoint, Listener listener) {
        warm();
        WorkerRun run = spare;
        spare = null;
        run.listener = listener;
        run.tell(graph, checkpoint);
        return run;
    }

    /** Tells the worker its run, once the tables that the run names are here. */
    private void tell(Graph graph, byte[] checkpoint) {
        new Thread(() -> {
            Map<String, String> tables = new HashMap<>();
            for (GraphNode node : graph.nodes()) {
                String name = node.type().equals(DataBox.TYPE.type())
                        ? Source.of(NodeTypes.attrs(node).text("source")).table() : null;
                if (name != null) {
                    tables.put(name, text(name));
                }
            }
            if (listener == null) {
                return;
            }
            told = true;
            deaf = true;
            waiting.addFirst(RUN + RunJson.write(new Run(graph, tables, checkpoint, device)));
            waiting.addFirst(DEVICES + devices.get());
            flush();
        }).start();
    }

    private String text(String name) {
        if (Tables.text(name) == null) {
            try {
                Tables.put(name, Fetch.get(Assets.url("data/" + name + ".csv")).await().text().await().stringValue());
            } catch (Throwable unreachable) {
                die("data/" + name + ".csv");
                return "";
            }
        }
        return Tables.text(name);
    }

    @Override
    public void send(RunCommand command) {
        running |= !(command instanceof RunCommand.Watch || command instanceof RunCommand.Save);
        say(COMMAND + RunJson.write(command));
    }

    @Override
    public void close() {
        listener = null;
        if (running || spare != null) {
            worker.terminate();
        } else {
            told = false;
            waiting.clear();
            spare = this;
        }
    }

    private void say(String text) {
        waiting.add(text);
        flush();
    }

    private void flush() {
        if (up && told) {
            waiting.forEach(text -> worker.postMessage(JSString.valueOf(text)));
            waiting.clear();
        }
    }

    private void hear(JSObject data) {
        if (ModuleWorker.isText(data)) {
            hear(((JSString) data).stringValue());
        } else if (listener != null && !deaf) {
            SavedMessage saved = (SavedMessage) data;
            listener.saved((long) saved.getBatch(), Bytes.of(saved.getBytes()));
        }
    }

    private void hear(String text) {
        if (text.equals(LOCKED)) {
            ModuleWorker.whenFree(lock, () -> die(""));
        } else if (text.isEmpty()) {
            deaf = !up;
            up = true;
            flush();
        } else if (listener != null && !deaf) {
            RunEvent event = EventJson.read(text);
            if (event instanceof RunEvent.At at) {
                running = at.state() == RunEvent.State.RUNNING;
            }
            listener.told(event);
        }
    }

    private void die(String why) {
        worker.terminate();
        if (spare == this) {
            spare = null;
        }
        if (listener != null) {
            listener.gone(why);
            listener = null;
        }
    }
}
