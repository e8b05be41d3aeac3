package dev.backstep.web.train;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.Effort;
import dev.backstep.web.session.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The server as a place where runs go on: whether there is one, and what computes there. */
public final class ComputeServer {
    /** It is known now whether there is one. */
    public final Signal changed = new Signal();

    /**
     * What computes there.
     *
     * @param reason how, or why not, in the server's words; may be null
     * @param speed what single computations take there; null where that is not known
     */
    public record Device(String name, boolean ready, String reason, Calibration speed) {}

    private final RunServer server;
    private final OwnRuns own = new OwnRuns();
    private List<Device> devices = List.of();
    private boolean known;
    /** The document that was asked for last. */
    private Graph weighed;
    private Effort effort;

    public ComputeServer(RunServer server) {
        this.server = server;
    }

    /** Asks whether there is one. */
    public void look() {
        look(() -> { });
    }

    /** @param known is run once there was an answer, or none */
    public void look(Runnable known) {
        server.send("GET", "/api/devices", null, null, answer -> {
            this.known = true;
            devices = answer.isOk() ? read(answer.text()) : List.of();
            changed.fire();
            known.run();
        });
    }

    private static List<Device> read(String text) {
        List<Device> devices = new ArrayList<>();
        try {
            JsonArray array = JsonParser.array().from(text);
            for (Object entry : array) {
                if (entry instanceof JsonObject device) {
                    devices.add(new Device(device.getString("name", ""), device.getBoolean("ready", false),
                            device.getString("reason", null), speed(device.getObject("nanoseconds"))));
                }
            }
        } catch (JsonParserException noJson) {
            // Whatever answers there is no server of ours.
            return List.of();
        }
        return devices;
    }

    private static Calibration speed(JsonObject nanoseconds) {
        return nanoseconds == null ? null : new Calibration(nanoseconds.getDouble("call"),
                nanoseconds.getDouble("step"), nanoseconds.getDouble("function"), nanoseconds.getDouble("product"),
                nanoseconds.getDouble("other"), 0, 0, 0, 0);
    }

    /**
     * About how many batches of a document a run there has in a second, told from the document and what the server has
     * measured of itself; 0 where it has told nothing.
     */
    public double pace(Graph graph) {
        double pace = 0;
        for (Device device : devices) {
            if (device.ready() && device.speed() != null) {
                pace = Math.max(pace, 1 / effort(graph).seconds(device.speed()));
            }
        }
        return Double.isInfinite(pace) ? 0 : pace;
    }

    private Effort effort(Graph graph) {
        if (weighed != graph) {
            weighed = graph;
            effort = Effort.of(graph);
        }
        return effort;
    }

    /** Whether it is known if there is one. */
    public boolean isKnown() {
        return known;
    }

    /** Whether there is one that computes. */
    public boolean isThere() {
        return devices.stream().anyMatch(Device::ready);
    }

    /** What computes there; empty where nothing is known. */
    public List<Device> devices() {
        return devices;
    }

    /** The place where runs begin. */
    public Training.Place place() {
        return (graph, checkpoint, listener) -> ServerRun.begin(server, own, graph, checkpoint, listener);
    }

    /** The place where a run is already. */
    public Training.Place place(String run) {
        return (graph, checkpoint, listener) -> ServerRun.watch(server, own, run, listener);
    }

    /** Asks for the document of a run. */
    public void document(String run, Consumer<RunServer.Answer> answer) {
        server.send("GET", "/api/runs/" + run + "/document", null, null, answer);
    }
}
