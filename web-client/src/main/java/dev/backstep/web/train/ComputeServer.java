package dev.backstep.web.train;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
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
     */
    public record Device(String name, boolean ready, String reason) {}

    private final RunServer server;
    private final OwnRuns own = new OwnRuns();
    private List<Device> devices = List.of();
    private boolean known;

    public ComputeServer(RunServer server) {
        this.server = server;
    }

    /** Asks whether there is one. */
    public void look() {
        server.send("GET", "/api/devices", null, null, answer -> {
            known = true;
            devices = answer.isOk() ? read(answer.text()) : List.of();
            changed.fire();
        });
    }

    private static List<Device> read(String text) {
        List<Device> devices = new ArrayList<>();
        try {
            JsonArray array = JsonParser.array().from(text);
            for (Object entry : array) {
                if (entry instanceof JsonObject device) {
                    devices.add(new Device(device.getString("name", ""), device.getBoolean("ready", false),
                            device.getString("reason", null)));
                }
            }
        } catch (JsonParserException noJson) {
            // Whatever answers there is no server of ours.
            return List.of();
        }
        return devices;
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
