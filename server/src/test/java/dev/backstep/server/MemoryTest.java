package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backstep.engine.train.Checkpoint;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run that holds more memory than was estimated is ended; its neighbours do not notice. */
class MemoryTest extends ServerFixture {
    /**
     * The sum of all batches keeps the graph of each, two mebibytes, alive: from the document nobody would know. In
     * float64, of which no compiled steps are made: these keep no graph.
     */
    static final String GROWS = """
            {"document": {"format": 1, "nodes": [
                {"id": "w", "type": "randn", "attrs": {"size": [512, 512], "dtype": "float64", "requires_grad": true}},
                {"id": "total", "type": "zeros", "attrs": {"size": [], "dtype": "float64"}},
                {"id": "h", "type": "tanh"}, {"id": "hh", "type": "square"}, {"id": "s", "type": "sum"},
                {"id": "add", "type": "add_"}, {"id": "loss", "type": "mean"},
                {"id": "sgd", "type": "SGD"}, {"id": "loop", "type": "loop", "attrs": {"epochs": 1000000}}],
             "wires": [{"from": ["w", 0], "to": ["h", 0]}, {"from": ["h", 0], "to": ["hh", 0]},
                {"from": ["hh", 0], "to": ["s", 0]}, {"from": ["total", 0], "to": ["add", 0]},
                {"from": ["s", 0], "to": ["add", 1]}, {"from": ["w", 0], "to": ["loss", 0]}],
             "target": ["loss", 0]}}""";

    @Override
    Map<String, String> environment() {
        Map<String, String> environment = super.environment();
        environment.putAll(Map.of("BACKSTEP_RUN_THREADS", "2", "BACKSTEP_MAX_RUN_MEGABYTES", "200"));
        return environment;
    }

    private String ask(String run) {
        var answer = client.post("/api/runs", run);
        assertEquals(202, answer.status(), answer::text);
        return answer.json().path("id").asText();
    }

    private JsonNode end(String id) throws InterruptedException {
        JsonNode row = client.get("/api/runs/" + id).json();
        for (int i = 0; i < 1200 && row.path("ended").isMissingNode(); i++) {
            Thread.sleep(50);
            row = client.get("/api/runs/" + id).json();
        }
        return row;
    }

    @Test
    void theRunThatGrowsEndsAndItsNeighbourIsRight() throws InterruptedException {
        var training = Training.of("spiral", 400);
        var neighbour = ask(training.json());
        var grows = ask(GROWS);
        var ended = end(grows);
        assertEquals("failed", ended.path("phase").asText(), ended::toString);
        var error = ended.path("error").asText();
        assertTrue(error.matches("The run held 1\\d\\d MB and needed 20\\d MB; this server gives a run 200 MB\\. .*"),
                error);
        assertTrue(ended.path("batch").asInt() > 20, ended::toString);

        assertEquals("done", end(neighbour).path("phase").asText());
        assertArrayEquals(training.losses(),
                Training.losses(Watcher.watch(server.port(), neighbour, 0, Integer.MAX_VALUE)));
        training.assertParameters(Checkpoint.read(client.get("/api/runs/" + neighbour + "/result").response().body()));
    }
}
