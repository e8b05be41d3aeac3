package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.train.Checkpoint;
import dev.backstep.engine.train.EventJson;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.engine.train.RunJson;
import dev.backstep.server.Watcher.Told;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs over HTTP, on the embedded database; what they answer is what the trainer does, which LibTorch holds. */
class RunsTest extends ServerFixture {
    @Override
    Map<String, String> environment() {
        Map<String, String> environment = super.environment();
        environment.putAll(Map.of("BACKSTEP_HEARTBEAT_SECONDS", "1", "BACKSTEP_SAVE_SECONDS", "1",
                "BACKSTEP_MAX_RUNS_PER_CLIENT", "3", "BACKSTEP_MAX_RUN_MEGABYTES", "100",
                "BACKSTEP_MAX_BATCHES", "20000000"));
        return environment;
    }

    private JsonNode ask(Training training) {
        var answer = client.post("/api/runs", training.json());
        assertEquals(202, answer.status(), answer::text);
        return answer.json();
    }

    private String phase(String id) {
        return client.get("/api/runs/" + id).json().path("phase").asText();
    }

    private void await(String id, String phase) throws InterruptedException {
        for (int i = 0; i < 600 && !phase(id).equals(phase); i++) {
            Thread.sleep(50);
        }
        assertEquals(phase, phase(id), () -> client.get("/api/runs/" + id).text());
    }

    private void assertRight(Training training, String id, List<Told> told) {
        assertArrayEquals(training.losses(), Training.losses(told), "the losses, each once and in their order");
        var result = client.get("/api/runs/" + id + "/result");
        assertEquals(200, result.status());
        training.assertParameters(Checkpoint.read(result.response().body()));
    }

    @Test
    void aRunTellsWhatTheTrainerDoes() {
        var training = Training.of("xor", 300);
        var id = ask(training).path("id").asText();
        var told = Watcher.watch(server.port(), id, 0, Integer.MAX_VALUE);
        assertEquals("end", told.getLast().data());
        var request = RunJson.readRun(training.json());
        assertEquals(GraphJson.write(request.graph()), client.get("/api/runs/" + id + "/document").text());
        assertRight(training, id, told);
        var row = client.get("/api/runs/" + id).json();
        assertEquals("done", row.path("phase").asText());
        assertEquals(training.losses().length, row.path("batch").asInt());
        var pictures = told.stream().filter(event -> event.data().contains("\"boundary\"")).toList();
        assertTrue(pictures.size() > 1, "pictures come too");
        var last = (RunEvent.Boundary) EventJson.read(pictures.getLast().data());
        assertEquals(training.losses().length, last.batch(), "the last shows what was learned in the end");
    }

    @Test
    void itsCurvesComeAsJsonAndAsCsv() throws InterruptedException {
        var training = Training.of("xor", 30);
        var id = ask(training).path("id").asText();
        await(id, "done");
        double[] losses = training.losses();
        var json = client.get("/api/runs/" + id + "/result?format=json").json();
        assertEquals(losses.length, json.path("batches").size());
        var lines = client.get("/api/runs/" + id + "/result?format=csv").text().split("\n");
        assertEquals("batch,loss,norm,epoch,trainLoss,testLoss,trainAccuracy,testAccuracy,lr", lines[0]);
        assertEquals(losses.length + 1, lines.length);
        for (int i = 0; i < losses.length; i++) {
            assertEquals(losses[i], json.path("batches").path(i).path(0).asDouble());
            assertTrue(json.path("batches").path(i).path(1).asDouble() > 0);
            assertTrue(lines[i + 1].startsWith((i + 1) + "," + losses[i] + ","), lines[i + 1]);
        }
        var epochs = client.get("/api/runs/" + id + "/result?format=json&batches=false").json();
        assertEquals(json.path("epochs"), epochs.path("epochs"));
        assertEquals(0, epochs.path("batches").size());
        var last = json.path("epochs").path(json.path("epochs").size() - 1);
        assertEquals(30, last.path("epoch").asInt());
        assertEquals(losses.length, last.path("batch").asInt());
        double loss = last.path("trainLoss").asDouble();
        assertTrue(lines[losses.length].contains(",30," + loss + ","), lines[losses.length]);
        assertEquals(loss, client.get("/api/runs/" + id).json().path("trainLoss").asDouble());
        assertEquals(400, client.get("/api/runs/" + id + "/result?format=xml").status());
    }

    @Test
    void metricsTellWhatBecameOfRuns() throws InterruptedException {
        await(ask(Training.of("xor", 5)).path("id").asText(), "done");
        var empty = client.post("/api/runs", "{\"document\":{\"format\":1,\"nodes\":[]}}");
        await(empty.json().path("id").asText(), "failed");
        var metrics = client.get("/metrics").text();
        for (var line : List.of("backstep_runs{phase=\"done\"} 1.0", "backstep_runs{phase=\"failed\"} 1.0",
                "backstep_runs{phase=\"queued\"} 0.0", "backstep_runs_wait_seconds_bucket{le=\"+Inf\"} 2",
                "backstep_runs_wait_seconds_count 2", "backstep_runs_longest_wait_seconds 0.0",
                "backstep_runs_computing 0.0", "backstep_runs_held_bytes 0.0",
                "backstep_runs_computed_seconds_count{device=\"cpu\",phase=\"done\"} 1",
                "backstep_runs_computed_seconds_count{device=\"cpu\",phase=\"failed\"} 1")) {
            assertTrue(metrics.contains(line + "\n"), () -> line + "\nin\n" + metrics);
        }
    }

    @Test
    void aShippedTableIsHere() throws InterruptedException {
        var training = Training.of("iris", 3);
        var id = ask(training).path("id").asText();
        await(id, "done");
        assertRight(training, id, Watcher.watch(server.port(), id, 0, Integer.MAX_VALUE));
    }

    @Test
    void whoComesBackMissesNothingAndGetsNothingTwice() {
        var training = Training.of("spiral", 200);
        var id = ask(training).path("id").asText();
        List<Told> all = new ArrayList<>();
        long last = 0;
        for (int drop = 1; all.isEmpty() || !all.getLast().data().equals("end"); drop++) {
            all.addAll(Watcher.watch(server.port(), id, last, 3 * drop));
            last = all.getLast().id() == 0 ? last : all.getLast().id();
        }
        all.removeLast();
        var ids = new HashSet<Long>();
        all.forEach(event -> assertTrue(ids.add(event.id()), "event " + event.id() + " came twice"));
        assertEquals(all.size(), all.getLast().id(), "the numbers have no gap");
        assertRight(training, id, all);
    }

    @Test
    void pausesGoesOnAndStops() throws InterruptedException {
        var asked = ask(Training.of("spiral", 100_000));
        var id = asked.path("id").asText();
        var token = asked.path("cancelToken").asText();
        await(id, "running");
        assertEquals(401, steer(id, null, "pause"));
        assertEquals(403, steer(id, "another", "pause"));
        assertEquals(400, steer(id, token, "dance"));
        assertEquals(200, steer(id, token, "pause"));
        await(id, "paused");
        long batch = client.get("/api/runs/" + id).json().path("batch").asLong();
        assertTrue(batch > 0);
        Thread.sleep(300);
        assertEquals(batch, client.get("/api/runs/" + id).json().path("batch").asLong());
        assertEquals(200, steer(id, token, "run"));
        await(id, "running");
        assertEquals(204, client.delete("/api/runs/" + id, token).status());
        await(id, "stopped");
        var told = Watcher.watch(server.port(), id, 0, Integer.MAX_VALUE);
        double[] losses = Training.losses(told);
        assertTrue(losses.length > batch);
        assertEquals(RunEvent.State.STOPPED, Training.lastState(told));
        assertEquals(200, client.get("/api/runs/" + id + "/result").status());
    }

    private int steer(String id, String token, String wanted) {
        var body = BodyPublishers.ofString("{\"wanted\":\"" + wanted + "\"}");
        return token == null ? client.send("PATCH", "/api/runs/" + id, body).status()
                : client.send("PATCH", "/api/runs/" + id, body, "Authorization", "Bearer " + token).status();
    }

    @Test
    void aRunOutlivesTheServer() throws InterruptedException {
        var training = Training.of("spiral", 400);
        var id = ask(training).path("id").asText();
        for (int restart = 0; restart < 2; restart++) {
            Thread.sleep(Duration.ofMillis(700));
            stop();
            start();
        }
        var told = Watcher.watch(server.port(), id, 0, Integer.MAX_VALUE);
        assertRight(training, id, told);
    }

    /** As where a worker dies, or the disk is full, in the very moment in which a run ends. */
    @Test
    void anEndThatCouldNotBeKeptIsToldOnce() throws SQLException {
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + Database.file(data));
                var statement = database.createStatement()) {
            statement.execute("""
                    CREATE TRIGGER no_end BEFORE UPDATE OF phase ON runs WHEN NEW.phase = 'done' AND OLD.attempt = 1
                    BEGIN SELECT RAISE(ABORT, 'no room'); END""");
        }
        var training = Training.of("xor", 60);
        var id = ask(training).path("id").asText();
        var told = Watcher.watch(server.port(), id, 0, Integer.MAX_VALUE);
        assertRight(training, id, told);
        assertEquals(1, told.stream().filter(event -> event.data().contains("\"done\"")).count(), "ends");
    }

    @Test
    void eachLimitIsToldWithItsNumber() {
        var large = client.post("/api/runs", "{\"document\":{\"format\":1,\"nodes\":[{\"id\":\"a\",\"type\":\"randn\","
                + "\"attrs\":{\"size\":[1000,1000]}}]}}");
        assertEquals(413, large.status(), large::text);
        assertTrue(large.text().contains("about 197 MB") && large.text().contains("100 MB"), large::text);
        for (int i = 0; i < 3; i++) {
            ask(Training.of("spiral", 100_000));
        }
        var fourth = client.post("/api/runs", Training.of("spiral", 1).json());
        assertEquals(429, fourth.status());
        assertTrue(fourth.text().contains("3 of your runs"), fourth::text);
        var broken = client.post("/api/runs", "{\"document\":{\"format\":1,\"nodes\":[{\"id\":\"a\"}]}}");
        assertEquals(400, broken.status());
        assertTrue(broken.text().contains("nodes[0]"), broken::text);
    }

    @Test
    void whatCannotBeTrainedSaysWhy() throws InterruptedException {
        var answer = client.post("/api/runs", "{\"document\":{\"format\":1,\"nodes\":[]}}");
        assertEquals(202, answer.status(), answer::text);
        var id = answer.json().path("id").asText();
        await(id, "failed");
        assertTrue(!client.get("/api/runs/" + id).json().path("error").asText().isEmpty());
        assertEquals(409, client.get("/api/runs/" + id + "/result").status());
        assertEquals(404, client.get("/api/runs/none").status());
    }
}
