package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sweeps over HTTP: each point is the run of the document with its values. */
class SweepsTest extends ServerFixture {
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    Map<String, String> environment() {
        Map<String, String> environment = super.environment();
        environment.putAll(Map.of("BACKSTEP_MAX_SWEEP_POINTS", "12", "BACKSTEP_MAX_RUNS_PER_CLIENT", "1",
                "BACKSTEP_MAX_RUNS", "20", "BACKSTEP_SAVE_SECONDS", "1"));
        return environment;
    }

    private static String grid(String example, int epochs, String rest) {
        return Training.of(example, epochs).json().replaceFirst("}$", "," + rest.replace("$", "\\$") + "}");
    }

    private JsonNode ask(String sweep) {
        var answer = client.post("/api/sweeps", sweep);
        assertEquals(202, answer.status(), answer::text);
        return answer.json();
    }

    private JsonNode table(String id) {
        return client.get("/api/sweeps/" + id).json();
    }

    private JsonNode end(String id) throws InterruptedException {
        for (int i = 0; i < 1200 && !table(id).path("over").asBoolean(); i++) {
            Thread.sleep(50);
        }
        return table(id);
    }

    @Test
    void eachPointIsTheRunOfItsDocument() throws InterruptedException, IOException {
        var asked = ask(grid("xor", 20, """
                "axes":[{"name":"rate","of":[{"node":"%s","attr":"lr"}],"values":[0.01,0.1,0.5]}],"seeds":[1,2]"""
                .formatted(optimizer("xor"))));
        assertEquals(6, asked.path("runs").size());
        var table = end(asked.path("id").asText());
        assertEquals("rate", table.at("/axes/0/name").asText());
        assertEquals("seed", table.at("/axes/1/name").asText());
        int point = 0;
        for (double rate : new double[] {0.01, 0.1, 0.5}) {
            for (int seed = 1; seed <= 2; seed++, point++) {
                var row = table.path("points").path(point);
                assertEquals(rate, row.at("/values/0").asDouble());
                assertEquals(seed, row.at("/values/1").asInt());
                assertEquals("done", row.path("phase").asText(), row::toString);
                assertRight(point(rate, seed), row);
            }
        }
    }

    private static String optimizer(String example) throws IOException {
        for (var node : JSON.readTree(Training.of(example, 1).json()).at("/document/nodes")) {
            if (node.path("type").asText().matches("SGD|Adam.*")) {
                return node.path("id").asText();
            }
        }
        throw new AssertionError("no optimizer");
    }

    /** The same document with these values typed in by hand. */
    private static Training point(double rate, int seed) throws IOException {
        var json = JSON.readTree(Training.of("xor", 20).json());
        for (var node : json.at("/document/nodes")) {
            var attrs = ((ObjectNode) node).withObject("/attrs");
            if (node.path("type").asText().matches("SGD|Adam.*")) {
                attrs.put("lr", rate);
            } else if (node.path("type").asText().matches("uniform|loop")) {
                attrs.put("seed", seed);
            }
        }
        return Training.of(json.path("document"));
    }

    private void assertRight(Training training, JsonNode row) {
        var told = Watcher.watch(server.port(), row.path("run").asText(), 0, Integer.MAX_VALUE);
        double[] losses = Training.losses(told);
        assertArrayEquals(training.losses(), losses);
        int batches = losses.length / 20;
        double last = 0;
        for (int i = losses.length - batches; i < losses.length; i++) {
            last += losses[i] / batches;
        }
        assertEquals(last, row.path("trainLoss").asDouble(), 1e-9, row::toString);
        assertTrue(row.path("bestLoss").asDouble() <= row.path("testLoss").asDouble(), row::toString);
        assertTrue(row.path("testAccuracy").asDouble() >= 0 && row.path("testAccuracy").asDouble() <= 1, row::toString);
    }

    @Test
    void anAxisMaySetSeveralAttributes() throws InterruptedException {
        var width = ask("""
                {"document":{"format":1,"nodes":[
                    {"id":"w1","type":"randn","label":"w1","attrs":{"size":[3,2],"requires_grad":true}},
                    {"id":"w2","type":"randn","label":"w2","attrs":{"size":[2,1],"requires_grad":true}},
                    {"id":"m","type":"matmul"},{"id":"l","type":"mean"},{"id":"o","type":"SGD"},
                    {"id":"loop","type":"loop","attrs":{"epochs":3}}],
                  "wires":[{"from":["w1",0],"to":["m",0]},{"from":["w2",0],"to":["m",1]},{"from":["m",0],"to":["l",0]}],
                  "target":["l",0]},
                 "axes":[{"name":"width","of":[{"node":"w1","attr":"size"},{"node":"w2","attr":"size"}],
                    "values":[[[3,2],[2,1]],[[3,16],[16,1]]]}]}""");
        var table = end(width.path("id").asText());
        for (var row : table.path("points")) {
            assertEquals("done", row.path("phase").asText(), row::toString);
            assertEquals(3, row.path("batch").asInt());
        }
        var result = client.get("/api/runs/" + table.at("/points/1/run").asText() + "/result");
        assertTrue(result.text().contains("[3,16]"));
    }

    @Test
    void theTableIsSentAnewOnlyWhereItChanged() throws InterruptedException, IOException {
        var id = ask(grid("xor", 5, "\"seeds\":[1,2]")).path("id").asText();
        end(id);
        var answer = client.get("/api/sweeps/" + id);
        assertEquals(304, client.get("/api/sweeps/" + id, "If-None-Match", answer.header("ETag")).status());
        assertEquals(200, client.get("/api/sweeps/" + id, "If-None-Match", "\"another\"").status());
    }

    @Test
    void stopsAllRuns() throws InterruptedException {
        var asked = ask(grid("spiral", 100_000, "\"seeds\":[1,2,3]"));
        var id = asked.path("id").asText();
        assertEquals(401, client.send("DELETE", "/api/sweeps/" + id, java.net.http.HttpRequest.BodyPublishers.noBody())
                .status());
        assertEquals(403, client.delete("/api/sweeps/" + id, "another").status());
        assertFalse(table(id).path("over").asBoolean());
        assertEquals(204, client.delete("/api/sweeps/" + id, asked.path("cancelToken").asText()).status());
        for (var row : end(id).path("points")) {
            assertEquals("stopped", row.path("phase").asText(), row::toString);
        }
    }

    @Test
    void whatIsWrongOrTooMuchIsToldWithItsNumber() throws IOException {
        var sgd = optimizer("xor");
        assertRefused(413, "The grid has 13 points; this server takes 12", "\"seeds\":[1,2,3,4,5,6,7,8,9,10,11,12,13]");
        assertRefused(400, "axes: give 1 to 8", "\"axes\":[]");
        assertRefused(400, "no box \"nobody\"", axis("nobody", "lr", "1"));
        assertRefused(400, "no attribute \"speed\"", axis(sgd, "speed", "1"));
        assertRefused(400, "at least one value", axis(sgd, "lr", ""));
        assertRefused(400, "With the values [\"fast\"]", axis(sgd, "lr", "\"fast\""));
        assertEquals(404, client.get("/api/sweeps/none").status());
        // A sweep is one of what a client may have at once.
        ask(grid("spiral", 100_000, "\"seeds\":[1,2,3]"));
        assertRefused(429, "1 of your runs", "\"seeds\":[1]");
    }

    private static String axis(String node, String attr, String values) {
        return "\"axes\":[{\"of\":[{\"node\":\"%s\",\"attr\":\"%s\"}],\"values\":[%s]}]".formatted(node, attr, values);
    }

    private void assertRefused(int status, String words, String rest) {
        var answer = client.post("/api/sweeps", grid("xor", 5, rest));
        assertEquals(status, answer.status(), answer::text);
        assertTrue(answer.json().path("detail").asText().contains(words), answer::text);
    }
}
