package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy taken under load has all that was acknowledged before, and its runs go on. */
class BackupIT {
    @TempDir
    Path folder;

    private Map<String, String> environment(String data) {
        return Map.of("PORT", "0", "BACKSTEP_DATA", folder.resolve(data).toString(), "BACKSTEP_SAVE_SECONDS", "1",
                "BACKSTEP_HEARTBEAT_SECONDS", "1", "BACKSTEP_LOG", "WARN");
    }

    private String run(int status, String data, String... arguments) throws IOException, InterruptedException {
        try (var program = new Program("", environment(data), arguments)) {
            int ended = program.end();
            var output = program.output();
            assertEquals(status, ended, output);
            return output;
        }
    }

    private static String document(String id) {
        return "{\"format\":1,\"nodes\":[{\"id\":\"" + id + "\",\"type\":\"tanh\"}]}";
    }

    @Test
    void aCopyTakenUnderLoadIsWhole() throws IOException, InterruptedException {
        var copy = folder.resolve("copy.db").toString();
        var training = Training.of("spiral", 3_000);
        List<String> acknowledged = new ArrayList<>();
        String id;
        try (var program = new Program("", environment("first")); var client = new Client(program.port())) {
            id = client.post("/api/runs", training.json()).json().path("id").asText();
            await(client, id, "/result");
            var over = new AtomicBoolean();
            var writer = new Thread(() -> {
                for (int i = 0; !over.get(); i++) {
                    assertEquals(201, client.post("/api/links", document("during-" + i)).status());
                }
            });
            for (int i = 0; i < 20; i++) {
                acknowledged.add(client.post("/api/links", document("before-" + i)).header("Location"));
            }
            writer.start();
            run(0, "first", "backup", copy);
            assertEquals("running", client.get("/api/runs/" + id).json().path("phase").asText(), "as in the copy");
            over.set(true);
            writer.join();
            assertTrue(run(78, "first", "backup", copy).contains("is there already"));
            assertTrue(run(78, "first", "restore", copy).contains("Stop the servers"));
            program.kill();
        }
        run(0, "second", "restore", copy);
        try (var program = new Program("", environment("second")); var client = new Client(program.port())) {
            for (var link : acknowledged) {
                assertEquals(200, client.get(link).status(), link);
            }
            var told = Watcher.watch(program.port(), id, 0, Integer.MAX_VALUE);
            assertArrayEquals(training.losses(), Training.losses(told), "goes on where the copy was taken");
            training.assertParameters(Checkpoint.read(client.get("/api/runs/" + id + "/result").response().body()));
        }
        assertTrue(run(0, "first", "restore", copy).contains("before-restore-1"));
        assertTrue(Files.size(folder.resolve("first/backstep.db.before-restore-1")) > 0);
    }

    private static void await(Client client, String id, String what) throws InterruptedException {
        for (int i = 0; i < 600 && client.get("/api/runs/" + id + what).status() != 200; i++) {
            Thread.sleep(50);
        }
    }

    @Test
    void whatIsNoCopyIsRefused() throws IOException, InterruptedException {
        var text = Files.writeString(folder.resolve("text"), "no database ".repeat(1_000));
        assertTrue(run(78, "first", "restore", text.toString()).contains("is no backup"));
        assertTrue(run(78, "first", "restore", "nothing.db").contains("no such file"));
        assertTrue(run(78, "first", "backup", "copy.db").contains("no database"));
        assertTrue(run(78, "first", "backup").contains("Name one file"));
        assertTrue(run(78, "first", "dance").contains("backup <file>"));
    }
}
