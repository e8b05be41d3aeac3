package dev.backstep.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A link that was acknowledged is there after {@code kill -9}, whenever that came. */
class KillIT {
    private static final int KILLS = 8;
    private static final int WRITERS = 4;

    @TempDir
    Path data;

    @Test
    void acknowledgedLinksSurvive() throws IOException, InterruptedException, ExecutionException {
        var random = new Random(20260101);
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        for (int round = 0; round < KILLS; round++) {
            try (var program = Program.start(data); var writers = Executors.newVirtualThreadPerTaskExecutor()) {
                int port = program.port();
                try (var client = new Client(port)) {
                    assertAllThere(client, acknowledged);
                }
                var written = new ArrayList<Future<?>>();
                for (int writer = 0; writer < WRITERS; writer++) {
                    var prefix = round + "-" + writer + "-";
                    written.add(writers.submit(() -> write(port, prefix, acknowledged)));
                }
                int enough = acknowledged.size() + 1 + random.nextInt(40);
                while (acknowledged.size() < enough && written.stream().noneMatch(Future::isDone)) {
                    Thread.sleep(1);
                }
                Thread.sleep(random.nextInt(20));
                program.kill();
                for (var writer : written) {
                    writer.get();
                }
            }
        }
        try (var program = Program.start(data); var client = new Client(program.port())) {
            assertAllThere(client, acknowledged);
        }
        System.out.println(acknowledged.size() + " links outlived " + KILLS + " kills");
    }

    /** Shares documents until the server is gone. */
    private static void write(int port, String prefix, Map<String, String> acknowledged) {
        try (var client = new Client(port)) {
            for (int i = 0; ; i++) {
                var id = prefix + i;
                var answer = client.post("/api/links", document(id));
                if (answer.status() != 503) {
                    assertEquals(201, answer.status(), answer.text());
                    acknowledged.put(answer.json().path("id").asText(), id);
                }
            }
        } catch (UncheckedIOException _) {
            // killed, as planned
        }
    }

    private static String document(String id) {
        return "{\"format\":1,\"nodes\":[{\"id\":\"" + id + "\",\"type\":\"tanh\"}]}";
    }

    private static void assertAllThere(Client client, Map<String, String> acknowledged) {
        acknowledged.forEach((link, id) -> {
            var answer = client.get("/api/links/" + link);
            assertEquals(200, answer.status(), id);
            assertEquals(id, answer.json().at("/nodes/0/id").asText());
        });
    }
}
