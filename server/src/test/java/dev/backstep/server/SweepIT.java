package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep is spread over workers, and is right though one of them is killed in its middle. */
class SweepIT {
    private static final int POINTS = 8;

    @TempDir
    Path data;

    @Test
    void onPostgresql() throws IOException, InterruptedException {
        try (var postgres = EmbeddedPostgres.builder().start()) {
            sweep(Map.of("DATABASE_URL", postgres.getJdbcUrl("postgres", "postgres")));
        }
    }

    @Test
    void onTheEmbeddedDatabase() throws IOException, InterruptedException {
        sweep(Map.of());
    }

    private void sweep(Map<String, String> database) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(database);
        environment.putAll(Map.of("PORT", "0", "BACKSTEP_DATA", data.toString(), "BACKSTEP_HEARTBEAT_SECONDS", "1",
                "BACKSTEP_SAVE_SECONDS", "1", "BACKSTEP_RUN_THREADS", "1", "BACKSTEP_LOG", "WARN"));
        Map<String, String> serving = new HashMap<>(environment);
        serving.put("BACKSTEP_RUN_THREADS", "0");
        List<Program> workers = new ArrayList<>();
        try (var server = new Program("", serving)) {
            sweep(environment, server.port(), workers);
        } finally {
            workers.forEach(Program::close);
        }
    }

    private static void sweep(Map<String, String> environment, int port, List<Program> workers)
            throws IOException, InterruptedException {
        try (var client = new Client(port)) {
            var training = Training.of("spiral", 150);
            var seeds = Collections.nCopies(POINTS, 0); // the document's own seed
            var answer = client.post("/api/sweeps", training.json().replaceFirst("}$", ",\"seeds\":" + seeds + "}"));
            assertEquals(202, answer.status(), answer::text);
            var path = answer.header("Location");
            for (int i = 0; i < 2; i++) {
                workers.add(new Program("", environment, "worker"));
                workers.getLast().port();
            }
            await(client, path, "running", 2);
            workers.removeFirst().kill();
            workers.add(new Program("", environment, "worker"));
            workers.getLast().port();
            await(client, path, "done", POINTS);
            assertRight(client, port, path, training);
        }
    }

    private static void await(Client client, String path, String phase, int count) throws InterruptedException {
        JsonNode table = client.get(path).json();
        for (int i = 0; i < 1200 && count(table, phase) < count; i++) {
            Thread.sleep(100);
            table = client.get(path).json();
        }
        assertTrue(count(table, phase) >= count, table.toString());
    }

    private static int count(JsonNode table, String phase) {
        int count = 0;
        for (var row : table.path("points")) {
            count += row.path("phase").asText().equals(phase) ? 1 : 0;
        }
        return count;
    }

    private static void assertRight(Client client, int port, String path, Training training) {
        var table = client.get(path).json();
        assertTrue(table.path("over").asBoolean());
        Set<Double> best = new HashSet<>();
        for (var row : table.path("points")) {
            assertArrayEquals(training.losses(),
                    Training.losses(Watcher.watch(port, row.path("run").asText(), 0, Integer.MAX_VALUE)));
            best.add(row.path("bestLoss").asDouble());
        }
        // Epochs are measured as time allows, so the least of what was measured may differ a little.
        assertTrue(best.stream().allMatch(loss -> loss > 0 && loss < 1), best::toString);
    }
}
