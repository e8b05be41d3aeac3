package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.server.runs.Hardware;
import dev.backstep.server.runs.LikeCuda;
import dev.backstep.server.runs.Runs;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker whose device is ours, beside a server that computes nothing. */
class HardwareTest extends ServerFixture {
    private Database database;
    private Runs worker;

    @Override
    Map<String, String> environment() {
        Map<String, String> environment = super.environment();
        environment.putAll(Map.of("BACKSTEP_RUN_THREADS", "0", "BACKSTEP_DEVICE", "cuda"));
        return environment;
    }

    @AfterEach
    void end() {
        worker.close();
        database.close();
    }

    private void work(Device device, CountDownLatch known) {
        var config = Config.from(environment());
        database = Database.open(config);
        worker = new Runs(database.jdbi(), database.dataSource(), Optional.empty(), config.runs().limits(), 1,
                Duration.ofSeconds(5), Duration.ofSeconds(5), new Hardware() {
                    @Override
                    public Equipment now() {
                        assertEquals(0, known.getCount(), "nothing is computed before the device is known");
                        return new Equipment(List.of(device), "cuda");
                    }

                    @Override
                    public void await() throws InterruptedException {
                        known.await();
                    }
                });
        worker.start();
    }

    private JsonNode end(String id) throws InterruptedException {
        JsonNode row = client.get("/api/runs/" + id).json();
        for (int i = 0; i < 600 && row.path("ended").isMissingNode(); i++) {
            Thread.sleep(50);
            row = client.get("/api/runs/" + id).json();
        }
        return row;
    }

    private String ask(Training training) {
        return client.post("/api/runs", training.json()).json().path("id").asText();
    }

    @Test
    void whatWasAskedForMeanwhileRunsOnTheDeviceThatWasToBe() throws InterruptedException {
        var known = new CountDownLatch(1);
        work(new LikeCuda(), known);
        var training = Training.of("xor", 300);
        var id = ask(training);
        Thread.sleep(1_500); // in which it would have been taken twice
        assertEquals("queued", client.get("/api/runs/" + id).json().path("phase").asText());
        known.countDown();
        var row = end(id);
        assertEquals("done", row.path("phase").asText(), row::toString);
        assertEquals("cuda", row.path("device").asText());
        assertArrayEquals(training.losses(),
                Training.losses(Watcher.watch(server.port(), id, 0, Integer.MAX_VALUE)), 1e-6);
    }

    /** As when a process ends between keeping a run and queueing it. */
    @Test
    void aRunThatTheQueueDoesNotHaveIsFound() throws InterruptedException, SQLException {
        var training = Training.of("xor", 30);
        var lost = ask(training);
        var queued = ask(training);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("backstep.db"));
                var delete = connection.prepareStatement("DELETE FROM scheduled_tasks WHERE task_instance = ?")) {
            delete.setString(1, lost);
            assertEquals(1, delete.executeUpdate());
        }
        work(new LikeCuda(), new CountDownLatch(0));
        assertEquals("done", end(queued).path("phase").asText());
        assertEquals("done", end(lost).path("phase").asText());
    }

    /** From the document nobody knows what a device needs for itself. */
    @Test
    void aRunThatHoldsTooMuchOfTheDeviceIsEnded() throws InterruptedException {
        work(new LikeCuda(2_000_000_000), new CountDownLatch(0));
        var row = end(ask(Training.of("xor", 300)));
        assertEquals("failed", row.path("phase").asText(), row::toString);
        var error = row.path("error").asText();
        assertTrue(error.matches(
                "The run held \\d+ MB and needed [\\d,]+ MB; this server gives a run [\\d,]+ MB\\. .*"), error);
    }
}
