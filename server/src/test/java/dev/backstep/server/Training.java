package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backstep.engine.data.Tables;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.train.Checkpoint;
import dev.backstep.engine.train.EventJson;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.Trainer;
import dev.backstep.server.Watcher.Told;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An example trained here and now, undisturbed: what a run of it has to answer. */
final class Training {
    private static final JsonMapper JSON = new JsonMapper();

    private final String json;
    private final double[] losses;
    private final Checkpoint end;

    private Training(String json, double[] losses, Checkpoint end) {
        this.json = json;
        this.losses = losses;
        this.end = end;
    }

    /** @param epochs that it is trained for; more than 10,000 are not trained here */
    static Training of(String example, int epochs) {
        try {
            var document = JSON.readTree(Files.readString(Path.of("..", "static", "examples", example + ".json"))).path("document");
            for (var node : document.path("nodes")) {
                if (node.path("type").asText().equals("loop")) {
                    ((ObjectNode) node).withObject("/attrs").put("epochs", epochs);
                }
            }
            var json = JSON.createObjectNode().set("document", document).toString();
            return epochs > 10_000 ? new Training(json, new double[0], null) : of(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A document trained as it is. */
    static Training of(JsonNode document) throws IOException {
        for (String table : List.of("iris", "digits")) {
            Tables.put(table, Files.readString(Path.of("..", "static", "data", table + ".csv")));
        }
        var trainer = new Trainer(GraphJson.read(document.toString()));
        List<Double> losses = new ArrayList<>();
        while (trainer.hasNext()) {
            trainer.next();
            losses.add(trainer.loss());
        }
        return new Training(JSON.createObjectNode().set("document", document).toString(),
                losses.stream().mapToDouble(Double::doubleValue).toArray(), trainer.checkpoint());
    }

    /** What is posted. */
    String json() {
        return json;
    }

    double[] losses() {
        return losses;
    }

    void assertParameters(Checkpoint result) {
        assertEquals(end.batch(), result.batch());
        assertEquals(end.leaves().keySet(), result.leaves().keySet());
        end.leaves().forEach((box, tensor) ->
                assertArrayEquals(tensor.toDoubles(), result.leaves().get(box).toDoubles(), box));
    }

    /** The losses that a stream told, which must come without gap or repetition. */
    static double[] losses(List<Told> told) {
        List<Double> losses = new ArrayList<>();
        for (Told event : told) {
            if (!event.data().equals("end") && EventJson.read(event.data()) instanceof RunEvent.Losses some) {
                assertEquals(losses.size() + 1, some.first(), "the number of the next loss");
                for (double loss : some.losses()) {
                    losses.add(loss);
                }
            }
        }
        return losses.stream().mapToDouble(Double::doubleValue).toArray();
    }

    static RunEvent.State lastState(List<Told> told) {
        RunEvent.State state = null;
        for (Told event : told) {
            if (!event.data().equals("end") && EventJson.read(event.data()) instanceof RunEvent.At at) {
                state = at.state();
            }
        }
        return state;
    }
}
