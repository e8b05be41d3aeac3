package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.train.Checkpoint;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every run that was accepted ends once, with the right result, though its workers are killed at random. */
class QueueIT {
    private static final int WORKERS = 2;
    private static final int RUNS = Integer.getInteger("backstep.runs", 200);

    @TempDir
    Path data;

    @Test
    void onPostgresql() throws IOException, InterruptedException {
        try (var postgres = EmbeddedPostgres.builder().start()) {
            killWorkers(RUNS, Map.of("DATABASE_URL", postgres.getJdbcUrl("postgres", "postgres")));
        }
    }

    @Test
    void onTheEmbeddedDatabase() throws IOException, InterruptedException {
        killWorkers(RUNS / 10, Map.of());
    }

    private void killWorkers(int runs, Map<String, String> database) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(database);
        environment.putAll(Map.of("PORT", "0", "BACKSTEP_DATA", data.toString(), "BACKSTEP_HEARTBEAT_SECONDS", "1",
                "BACKSTEP_SAVE_SECONDS", "1", "BACKSTEP_MAX_RUNS", "1000", "BACKSTEP_MAX_RUNS_PER_CLIENT", "1000",
                "BACKSTEP_MAX_RUNS_PER_MINUTE", "1000", "BACKSTEP_LOG", "WARN"));
        environment.put("BACKSTEP_RUN_THREADS", "2");
        Map<String, String> serving = new HashMap<>(environment);
        serving.put("BACKSTEP_RUN_THREADS", "0");
        List<Training> trainings = List.of(Training.of("xor", 60), Training.of("line-by-linear", 40),
                Training.of("spiral", 200));
        List<Program> workers = new ArrayList<>();
        try (var server = new Program("", serving)) {
            watch(runs, environment, server.port(), trainings, workers);
        } finally {
            workers.forEach(Program::close);
        }
    }

    private static void watch(int runs, Map<String, String> environment, int port, List<Training> trainings,
            List<Program> workers) throws IOException, InterruptedException {
        try (var client = new Client(port)) {
            Map<String, Training> asked = new LinkedHashMap<>();
            for (int i = 0; i < runs; i++) {
                // Few long ones, so that kills hit them; many short ones.
                Training training = trainings.get(i % 10 == 0 ? 2 : i % 2);
                var answer = client.post("/api/runs", training.json());
                assertEquals(202, answer.status(), answer::text);
                asked.put(answer.json().path("id").asText(), training);
            }
            int kills = compute(environment, workers, client, asked);
            assertRight(port, client, asked);
            System.out.println(runs + " runs ended rightly under " + kills + " kills");
        }
    }

    /** Starts workers and kills them at random, until all runs are over. @return how many were killed */
    private static int compute(Map<String, String> environment, List<Program> workers, Client client,
            Map<String, Training> asked) throws IOException, InterruptedException {
        var random = new Random(20261124);
        List<String> open = new ArrayList<>(asked.keySet());
        int kills = 0;
        while (!open.isEmpty()) {
            while (workers.size() < WORKERS) {
                var worker = new Program("", environment, "worker");
                worker.port();
                workers.add(worker);
            }
            int enough = Math.max(0, open.size() - 1 - random.nextInt(20));
            while (open.size() > enough) {
                Thread.sleep(random.nextInt(200));
                assertTrue(workers.stream().allMatch(Program::isAlive), "no worker ends by itself");
                open.removeIf(run -> !client.get("/api/runs/" + run).json().path("ended").isMissingNode());
            }
            workers.remove(random.nextInt(WORKERS)).kill();
            kills++;
        }
        return kills;
    }

    private static void assertRight(int port, Client client, Map<String, Training> asked) {
        asked.forEach((run, training) -> {
            var row = client.get("/api/runs/" + run).json();
            assertEquals("done", row.path("phase").asText(), row::toString);
            var told = Watcher.watch(port, run, 0, Integer.MAX_VALUE);
            assertArrayEquals(training.losses(), Training.losses(told));
            assertEquals(1, told.stream().filter(event -> event.data().contains("\"done\"")).count(), "ends once");
            training.assertParameters(Checkpoint.read(client.get("/api/runs/" + run + "/result").response().body()));
        });
    }
}
